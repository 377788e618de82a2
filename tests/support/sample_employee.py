"""Record of one employee, as the HR API returns it."""

JOHN = "auth0|john"
RECORD = {
    "id": JOHN,
    "name": "John Doe",
    "title": "Engineer",
    "department": "Platform",
    "status": "active",
    "start_date": "2020-02-29",
}
