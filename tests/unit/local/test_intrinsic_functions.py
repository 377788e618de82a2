"""References in an authorizer's issuer and audience."""

import pytest

from local.cli.intrinsic_functions import Resolver

RESOLVER = Resolver({"Auth0Issuer": "http://127.0.0.1:10052/", "AgentAudience": "https://staff0/agent", "Tenant": "t"})


def test_references_are_replaced_at_every_depth() -> None:
    configuration = {"issuer": {"Ref": "Auth0Issuer"}, "audience": [{"Ref": "AgentAudience"}, "https://other"]}
    assert RESOLVER.resolve(configuration) == {
        "issuer": "http://127.0.0.1:10052/",
        "audience": ["https://staff0/agent", "https://other"],
    }


def test_substitution_keeps_the_surrounding_text() -> None:
    assert RESOLVER.resolve({"Fn::Sub": "https://${Tenant}.auth0.com/"}) == "https://t.auth0.com/"


def test_unknown_function_is_an_error() -> None:
    with pytest.raises(ValueError, match="Fn::If"):
        RESOLVER.resolve({"Fn::If": ["A", "b", "c"]})
