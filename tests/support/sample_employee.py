"""One employee: the item in HR's table, and what the HR API discloses of it."""

JOHN = "auth0|john"
RECORD = {
    "id": JOHN,
    "name": "John Doe",
    "title": "Engineer",
    "department": "Platform",
    "status": "active",
    "start_date": "2020-02-29",
}


def fields(*names: str) -> dict[str, str]:
    """The record with these fields, beside the id."""
    return {name: RECORD[name] for name in ("id", *names)}
