"""What the agent publishes about itself, from its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staff0.signing import KmsPublicKey, KmsSigningKey

from hr_agent.card import Profile
from hr_agent.cards import Cards
from hr_agent.extensions import required_extensions
from hr_agent.kms import kms
from hr_agent.public_documents import PublicDocuments
from hr_agent.terms import Terms

if TYPE_CHECKING:
    from staff0.settings import AgentSettings
    from staff0.tasks import Once


def public_documents(settings: AgentSettings, once: Once) -> PublicDocuments:
    """Raises SettingsError for a required extension that the card does not declare."""
    card_key = KmsSigningKey(kms, settings.card_key_id)
    attestation_key = KmsPublicKey(kms, settings.attestation_key_id)
    retired = [key.model_dump() for key in settings.retired_keys]
    return PublicDocuments(Cards(_profile(settings), card_key, once), [card_key, attestation_key], once, retired)


def _profile(settings: AgentSettings) -> Profile:
    return Profile(
        issuer=settings.auth0_issuer,
        audience=settings.hr_agent_auth0_audience,
        terms=Terms(
            employee_seconds=settings.requested_expiry_seconds,
            pushes_per_caller=settings.pushes_per_caller_per_hour,
            pushes_per_employee=settings.pushes_per_employee_per_hour,
            employees_per_hour=settings.employees_per_caller_per_hour,
            employees_per_day=settings.employees_per_caller_per_day,
            cool_down_seconds=settings.cool_down_seconds,
            stream_seconds=settings.stream_window_seconds,
        ),
        required=required_extensions(settings.required_extensions),
    )
