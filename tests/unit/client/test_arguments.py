"""Arguments that are refused with a sentence before any file is read."""

import pytest

from client.arguments import parse

QUESTION = "Does jdoe@staff0.com work at Staff0?"
OPTIONS = (
    *("--agent", "--agent-key", "--as", "--client-id", "--audience", "--token-host", "--context-id", "--task-id"),
)


@pytest.mark.parametrize("value", ["", " ", "\udcff"])
@pytest.mark.parametrize("option", OPTIONS)
def test_empty_or_unreadable_value_is_an_error(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An unset variable of a shell must not select the local agent or its client."""
    with pytest.raises(SystemExit) as exit_info:
        parse([QUESTION, f"{option}={value}"])
    assert exit_info.value.code == 2
    assert "must not" in capsys.readouterr().err


def test_question_with_bytes_of_another_encoding_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["Does \udce9 work here?"])
    assert "bytes that are not text" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["0", "-1", "x", "", "nan", "inf", "86401", "9" * 400])
def test_timeout_is_a_number_of_seconds(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse([QUESTION, f"--timeout={value}"])
    assert "must be a number of seconds" in capsys.readouterr().err
