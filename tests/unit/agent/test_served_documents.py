"""The guide for callers and the documents that it links to are served without a token, under the same paths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from hr_agent.http.public_paths import DOCUMENTS

PROJECT = Path(__file__).parents[3]


def linked(path: str) -> Iterator[str]:
    """The paths to which the relative links of a document lead."""
    for target in re.findall(r"\]\(([^)#]+)", (PROJECT / path.removeprefix("/")).read_text()):
        if "://" not in target:
            yield urljoin(path, target)


@pytest.mark.parametrize("path", DOCUMENTS)
async def test_document_is_the_file_of_the_repository(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.content == (PROJECT / path.removeprefix("/")).read_bytes()
    assert answer.headers["content-type"].partition(";")[0] == DOCUMENTS[path]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_links_of_a_served_document_lead_to_served_ones(path: str) -> None:
    """Otherwise a reader without a token gets 401."""
    assert set(linked(path)) <= set(DOCUMENTS)


async def test_other_file_of_the_repository_is_not_served(http: httpx.AsyncClient) -> None:
    assert (await http.get("/docs/operations.md")).status_code == 401
