"""Creates the signed cards and the public documents from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from staff0 import aws_clients
from staff0.signing import KmsEcSigningKey, KmsPublicKey
from staff0.skills import SKILLS

from hr_agent.card.agent_card import Profile
from hr_agent.card.service_terms import ServiceTerms
from hr_agent.card.signed_card import SignedCards
from hr_agent.card.well_known_routes import WellKnownRoutes
from hr_agent.http.extensions import parse_required_extensions

if TYPE_CHECKING:
    from staff0.tasks import WriteOnceStore

    from hr_agent.agent_settings import AgentSettings


def signed_cards(settings: AgentSettings, store: WriteOnceStore) -> SignedCards:
    """Raises SettingsError for a required extension that the card does not declare."""
    return SignedCards(_profile(settings), KmsEcSigningKey(aws_clients.kms, settings.card_key_id), store)


def well_known_routes(settings: AgentSettings, cards: SignedCards, store: WriteOnceStore) -> WellKnownRoutes:
    attestation_key = KmsPublicKey(aws_clients.kms, settings.attestation_key_id)
    webhook_key = KmsPublicKey(aws_clients.kms, settings.webhook_signing_key_id)
    retired = [msgspec.to_builtins(key) for key in settings.retired_keys]
    return WellKnownRoutes(cards, [cards.key, attestation_key, webhook_key], store, retired)


def _profile(settings: AgentSettings) -> Profile:
    terms = ServiceTerms(
        employee_seconds=settings.requested_expiry_seconds,
        pushes_per_caller=settings.pushes_per_caller_per_hour,
        pushes_per_employee=settings.pushes_per_employee_per_hour,
        pushes_per_employee_and_caller=settings.pushes_per_employee_and_caller_per_hour,
        employees_per_hour=settings.employees_per_caller_per_hour,
        employees_per_day=settings.employees_per_caller_per_day,
        cool_down_seconds=settings.cool_down_seconds,
        stream_seconds=settings.stream_window_seconds,
    )
    return Profile(
        issuer=settings.auth0_issuer,
        # Auth0's, if no other is set: the public card must not wait for the issuer's metadata.
        token_url=settings.token_endpoint or f"{settings.auth0_issuer.rstrip('/')}/oauth/token",
        audience=settings.hr_agent_auth0_audience,
        terms=terms.params(),
        skills=SKILLS,
        required_extensions=parse_required_extensions(settings.required_extensions),
    )
