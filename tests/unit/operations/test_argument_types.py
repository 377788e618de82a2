"""Arguments that are refused before a stack is read."""

import pytest

from operations.command_line import main


@pytest.mark.parametrize("value", ["", " "])
@pytest.mark.parametrize(
    "before",
    [
        *("audit --about", "audit --caller", "audit --task", "audit --since", "audit --until"),
        *("callers off", "--stack-name", "--region"),
    ],
)
def test_empty_argument_is_an_error(before: str, value: str) -> None:
    """An unset variable of a shell must not select every person, every caller or the local stack."""
    with pytest.raises(SystemExit) as exit_info:
        main([*before.split(), value])
    assert exit_info.value.code == 2


@pytest.mark.parametrize("quota", ["0", "-1", "x", "", "1e3", "9" * 40, "9" * 5000])
def test_quota_must_be_a_positive_number(quota: str) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["callers", "add", "id-1", "acme", f"--pushes-per-hour={quota}"])
    assert exit_info.value.code == 2


@pytest.mark.parametrize("value", ["\udcff", "a\udc80b", "x" * 501])
@pytest.mark.parametrize("before", ["audit --about", "audit --caller", "audit --task", "callers off", "--stack-name"])
def test_argument_must_be_short_and_text(before: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main([*before.split(), value])
    assert exit_info.value.code == 2
    assert "must not" in capsys.readouterr().err
