"""Finds persons in the keys of DynamoDB's items, and in items that hold no text of a caller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from staff0.question import Question
from staff0.tasks.key_digest import key_digest

type Item = dict[str, Any]

# The kinds of items that hold what was said, asked and answered (docs/security.md), and public documents (ONCE).
_WITH_CONTENT: Final = ("TASK", "APPROVAL", "EVENT#", "PUSH#")
_USER_ID_PREFIXES: Final = ("auth0|", "waad|")


def readable_texts(item: Item) -> Iterator[str]:
    """The keys of an item; for an item without content also every other value that is not encrypted (binary)."""
    kind = item["pk"]["S"].partition("#")[0]
    has_content = kind == "ONCE" or (kind == "TASK" and item["sk"]["S"].startswith(_WITH_CONTENT))
    for name, value in item.items():
        if name in {"pk", "sk"} or not (has_content or "B" in value):
            yield repr(value)


def persons_in(items: Iterable[Item], persons: Iterable[str]) -> list[str]:
    """The readable texts that name a person: an address, a user id, or one of `persons`, in any letter case."""
    words = ["@", *_USER_ID_PREFIXES, *(person.lower() for person in persons)]
    texts = [text for item in items for text in readable_texts(item)]
    return [text for text in texts if any(word in text.lower() for word in words)]


def guessable_keys(owner: str, subject: str) -> set[str]:
    """The hashes that a reader of the table could compute from an address or a user id, without a key."""
    question = Question(email=subject)
    texts = {f"{prefix}{question.asked_about}" for prefix in ("", "asked:", "employee:")}
    return {digest for text in texts for digest in (key_digest(text), key_digest(owner, text))}
