"""The page for people who have not logged in."""

from employee_page.html_elements import element
from employee_page.page_layout import page


def start_page() -> str:
    return page(
        "Requests about you",
        element(
            "p",
            "Other companies may ask Staff0 whether you work here. Staff0 answers only if you approve on your phone. "
            "Here you see who has asked about you and what they were told, and you can switch questions off.",
        ),
        element("p", element("a", "Log in", href="/login", class_="button")),
    )
