"""The documents name files, headings, tests and commands that exist. Lines and table cells are short."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[3]
DOCUMENTS: Final = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "local" / "identity_provider" / "README.md",
    ]
)
DECISION_HEADINGS: Final = ["Context", "Options considered", "Decision", "Price"]
MAX_LINE: Final = 120
MAX_CELL_WORDS: Final = 25

_FENCE: Final = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
_CODE: Final = re.compile(r"`([^`\n]+)`")
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
_PATH: Final = re.compile(r"[A-Za-z0-9_][\w.*-]*(/[\w.*-]*)*")
_FILE_NAME: Final = re.compile(r"\.(py|md|ya?ml|toml|json|m?js|svg|png|lock|mk|txt|html|css)$")
_TEST: Final = re.compile(r"test_\w+")
_MAKE: Final = re.compile(r"\bmake ([a-z][a-z-]*)")
_MODULE: Final = re.compile(r"python -m ([a-z][\w.]*)")

pytestmark = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def test_link_leads_to_file_and_heading(document: Path) -> None:
    for link in _LINK.findall(_prose(document)):
        if not re.match(r"[a-z]+:", link):
            name, _, anchor = link.partition("#")
            target = document.parent / name if name else document
            assert target.exists(), link
            assert not anchor or anchor in _anchors(target), link


def test_named_file_exists(document: Path) -> None:
    for path in filter(_is_repository_path, _CODE.findall(_prose(document))):
        is_found = any(any(folder.glob(path.rstrip("/"))) for folder in (ROOT, document.parent))
        assert is_found or path in _file_names(), path


def test_named_test_exists(document: Path) -> None:
    for name in filter(_TEST.fullmatch, _CODE.findall(_prose(document))):
        assert name in _tests(), name


def test_named_command_exists(document: Path) -> None:
    text = "\n".join([*_CODE.findall(_prose(document)), *_FENCE.findall(document.read_text())])
    assert set(_MAKE.findall(text)) <= _targets()
    for module in _MODULE.findall(text):
        path = ROOT.joinpath(*module.split("."))
        assert path.is_dir() or path.with_suffix(".py").is_file(), module


def test_decision_is_complete(document: Path) -> None:
    if document.parent.name == "adr" and document.name != "README.md":
        assert _HEADING.findall(document.read_text())[1:] == DECISION_HEADINGS
        assert re.search(r"^- Status: .+\n- Date: \d{4}-\d\d-\d\d", document.read_text(), re.MULTILINE)
        assert f"]({document.name})" in (document.parent / "README.md").read_text()


def test_line_is_short(document: Path) -> None:
    too_long = [line for line in _lines(document) if len(line) > MAX_LINE and not line.startswith("|")]
    assert not too_long


def test_table_cell_is_short(document: Path) -> None:
    cells = [cell for line in _lines(document) if line.startswith("|") for cell in line.split("|")]
    assert not [cell for cell in cells if len(cell.split()) > MAX_CELL_WORDS]


def _prose(document: Path) -> str:
    """The text without its fenced code."""
    return _FENCE.sub("", document.read_text())


def _lines(document: Path) -> list[str]:
    return _prose(document).splitlines()


def _is_repository_path(code: str) -> bool:
    """Whether code in backticks names a file or a folder of this repository: `a/b.py`, `docs/`, `template.yaml`."""
    if not _PATH.fullmatch(code) or f"/{code}" in _ignored():
        return False
    return bool(_FILE_NAME.search(code)) or ("/" in code and (ROOT / code.partition("/")[0]).is_dir())


@cache
def _ignored() -> list[str]:
    """What git ignores: the reader writes such a file."""
    return (ROOT / ".gitignore").read_text().splitlines()


@cache
def _file_names() -> frozenset[str]:
    """The names of this repository's own files, without folders: a document may leave out what its sentence says."""
    folders = [folder for folder in ROOT.iterdir() if folder.is_dir() and not folder.name.startswith(".")]
    found = (path for folder in folders for path in folder.rglob("*.*") if "node_modules" not in path.parts)
    return frozenset(path.name for path in found)


@cache
def _anchors(document: Path) -> frozenset[str]:
    """The anchors that GitHub makes of the headings."""
    headings = _HEADING.findall(_prose(document))
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)


@cache
def _tests() -> frozenset[str]:
    files = (ROOT / "tests").rglob("test_*.py")
    return frozenset(name for file in files for name in re.findall(r"def (test_\w+)", file.read_text()))


@cache
def _targets() -> frozenset[str]:
    makefile = (ROOT / "Makefile").read_text()
    return frozenset(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
