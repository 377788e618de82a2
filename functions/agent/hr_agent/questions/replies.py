"""The replies that the agent itself gives to a caller."""

RECEIVED = "The request was received."
WHO = (
    "Whose employment should be confirmed? Please give the person's work e-mail address, "
    "for example: Does John Doe with email jdoe@staff0.com work at Staff0?"
)
WHICH = (
    "The message has several addresses. Which one is meant? Please answer with that address alone: "
    "this agent confirms one employment at a time."
)
ONLY_EMPLOYMENT = "This agent only confirms whether a person is an active employee of Staff0. It answers nothing else."
ONE_AT_A_TIME = "This agent confirms one employment at a time: every person is asked for their own approval."
CORRECTED = "The request was corrected: it is about the other address now."
STILL_WAITING = "The request is still open. Write “cancel” to withdraw it."
ASKED_ALREADY = (
    "The request cannot be changed any more: it has been sent. "
    "To ask about another person, withdraw it by “cancel” and ask again."
)
CANCELED = "The request was canceled by the caller."
