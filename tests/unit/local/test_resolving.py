"""An authorizer's issuer and audience, out of the template's references."""

import pytest

from local.cli.intrinsic_functions import Resolver

RESOLVER = Resolver({"Auth0Issuer": "http://127.0.0.1:10052/", "AgentAudience": "https://staff0/agent", "Tenant": "t"})


def test_references_become_the_stack_s_values_wherever_they_stand() -> None:
    configuration = {"issuer": {"Ref": "Auth0Issuer"}, "audience": [{"Ref": "AgentAudience"}, "https://other"]}
    assert RESOLVER.resolve(configuration) == {
        "issuer": "http://127.0.0.1:10052/",
        "audience": ["https://staff0/agent", "https://other"],
    }


def test_a_substitution_keeps_the_text_around_it() -> None:
    assert RESOLVER.resolve({"Fn::Sub": "https://${Tenant}.auth0.com/"}) == "https://t.auth0.com/"


def test_a_function_it_does_not_know_stops_the_deployment_instead_of_guarding_with_nonsense() -> None:
    with pytest.raises(ValueError, match="Fn::If"):
        RESOLVER.resolve({"Fn::If": ["A", "b", "c"]})
