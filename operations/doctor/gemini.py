"""Check 10: the model answers a fixed question, which names no person."""

from typing import Final

import httpx

from operations.doctor.findings import Failed, NotChecked
from operations.doctor.http import describe, json_object, send
from operations.doctor.subject import Gemini

_GOOGLE: Final = "https://generativelanguage.googleapis.com"
_REQUEST: Final = {
    "contents": [{"role": "user", "parts": [{"text": "Does this company exist? Answer with the JSON schema."}]}],
    "generationConfig": {
        "responseMimeType": "application/json",
        "responseJsonSchema": {"type": "object", "properties": {"intent": {"type": "string"}}},
    },
}
_SETTING: Final = "GEMINI_API_KEY or GOOGLE_API_KEY in .env; GeminiApiKey in the cloud"
_MODEL_SETTING: Final = "set another model (GEMINI_MODEL, GeminiModel): this one is retired, or closed to new keys"


def check(http: httpx.Client, gemini: Gemini | None) -> str:
    """Uses the version and the fields of the agent's own request (docs/adr/0024-gemini.md)."""
    if gemini is None:
        raise NotChecked(f"no key, so rules parse the questions ({_SETTING})")
    url = f"{(gemini.base_url or _GOOGLE).rstrip('/')}/v1beta/models/{gemini.model}:generateContent"
    headers = {"x-goog-api-key": gemini.api_key.get_secret_value()}
    advice = "is a proxy needed (HTTPS_PROXY, SSL_CERT_FILE)? Until then rules parse the questions"
    response = send(http, "POST", url, no_answer=advice, json=_REQUEST, headers=headers)
    body = json_object(response)
    if not response.is_success:
        raise Failed(f"{gemini.model}: {_describe(response)}", _advice(response))
    answered_by = str(body.get("modelVersion") or gemini.model)
    if not answered_by.startswith(gemini.model) and not gemini.model.endswith("-latest"):
        raise Failed(
            f"{answered_by} answers in place of {gemini.model}", f"set GEMINI_MODEL, GeminiModel to {answered_by}"
        )
    return f"{answered_by} answers"


def _describe(response: httpx.Response) -> str:
    """Google's status word. Its message may hold a part of the key, and is left out."""
    error = json_object(response).get("error")
    return (
        f"{response.status_code} {error.get('status', '')}".strip() if isinstance(error, dict) else describe(response)
    )


def _advice(response: httpx.Response) -> str:
    match response.status_code:
        case httpx.codes.NOT_FOUND:
            return _MODEL_SETTING
        case httpx.codes.TOO_MANY_REQUESTS:
            return "the key's quota is used up: wait, or raise it in Google AI Studio"
        case httpx.codes.UNAUTHORIZED | httpx.codes.FORBIDDEN:
            return f"the key is not valid, or not for this API: {_SETTING}"
        case httpx.codes.BAD_REQUEST:
            return f"the key is not valid ({_SETTING}), or the model takes other parameters: try another model"
    return "look at Google's status page; until then rules parse the questions"
