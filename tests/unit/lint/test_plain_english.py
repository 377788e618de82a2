"""The check of `make lint` that finds phrases which make texts hard to read."""

import pytest

from lint.plain_english import findings


@pytest.mark.parametrize(
    "text",
    [
        "Whoever holds a token may ask.",
        "told by nobody",
        "An outage comes out as botocore's own error.",
        "the how manieth of the hour",
        "This is no request that can be read.",
        "Two addresses are none.",
        "asks anew",
    ],
)
def test_riddle_is_found(text: str) -> None:
    assert [finding.line for finding in findings("docs/page.md", f"A plain line.\n{text}\n")] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "The key is no longer valid.",
        "It is no more than 5 s.",
        "if value is None:",
        "There is no such task.",
        "nobody@staff0.com",
        "is none of the",
    ],
)
def test_ordinary_english_is_not_found(text: str) -> None:
    assert not list(findings("docs/page.md", text))


def test_only_comments_and_strings_of_python_are_read() -> None:
    code = 'nobody = 1  # for whoever asks\ntext = "somebody"\n'
    assert [(finding.line, finding.phrase) for finding in findings("module.py", code)] == [
        (1, "whoever"),
        (2, "somebody"),
    ]
