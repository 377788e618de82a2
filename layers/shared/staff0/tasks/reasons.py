"""The reason codes of rejected and failed tasks, with their texts. The status message's metadata has the code."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Reason(StrEnum):
    """A code (`metadata.reason`), the sentence for the caller, and what the extended agent card says of the code.

    `sentence` is empty where the text depends on the request.
    """

    sentence: str
    meaning: str

    def __new__(cls, code: str, sentence: str, meaning: str) -> Self:
        reason = str.__new__(cls, code)
        reason._value_ = code
        reason.sentence = sentence
        reason.meaning = meaning
        return reason

    DENIED = ("denied", "The user denied the authorization request.", "The employee refused.")
    NOT_CONFIRMED = (
        "not_confirmed",
        "The employment could not be confirmed.",
        "The employee did not answer in time, or no employee could be asked: the two look the same.",
    )
    UNSUPPORTED_QUESTION = (
        "unsupported_question",
        "",
        "The question is about another subject, or about several people at once.",
    )
    INSUFFICIENT_SCOPE = (
        "insufficient_scope",
        "",
        "The question needs a scope that the caller's token does not have; the text names it.",
    )
    CALLER_REFUSED = ("caller_refused", "This caller may not ask.", "The operator has switched this caller off.")
    TOO_MANY_REQUESTS = (
        "too_many_requests",
        "",
        "The caller has asked too often, or about this person; `retry_at` says until when, and `live_task_id` names "
        "the caller's open task about this person.",
    )
    TENANT_UNAVAILABLE = (
        "tenant_unavailable",
        "The identity provider is not available. Please ask again later.",
        "The identity provider did not answer. Ask again later.",
    )
    TENANT_REFUSED = (
        "tenant_refused",
        "The identity provider refuses this agent. Its operator has to look into it.",
        "The identity provider refuses this agent. Its operator has to look into it.",
    )
    APPROVAL_REFUSED = (
        "approval_refused",
        "The identity provider refused the request. Its operator has to look into it.",
        "A rule of the identity provider refused the request, not the employee. Its operator has to look into it.",
    )
    HR_API_UNAVAILABLE = (
        "hr_api_unavailable",
        "The employee approved, but the HR system is not available. Please ask again.",
        "The employee approved, but the HR system did not answer. Ask again.",
    )
    HR_API_REFUSED = (
        "hr_api_refused",
        "The employee approved, but the HR system refuses the approval.",
        "The employee approved, but the HR system refuses the approval.",
    )
    NO_HR_RECORD = (
        "no_hr_record",
        "The employee approved, but the HR system has no record of this person.",
        "The employee approved, but the HR system does not know their id. Nothing is said about the employment.",
    )
    TOKEN_REJECTED = (
        "token_rejected",
        "The employee approved, but the approval is not valid for this request.",
        "The employee approved, but the approval is not valid for this request.",
    )
    TOKEN_LOST = (
        "token_lost",
        "The employee answered, but the answer was lost on its way. Please ask again.",
        "The employee answered, but the answer was lost on its way. Ask again.",
    )
    INTERRUPTED = (
        "interrupted",
        "The request could not be finished in time. Please ask again.",
        "The request could not be finished in time. Ask again.",
    )
    INTERNAL_ERROR = (
        "internal_error",
        "We are unable to process your request at the moment. Please try again.",
        "The agent failed. Ask again.",
    )
