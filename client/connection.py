"""The agent's URL and pinned keys, the client's credentials, and the hosts that may receive the secret."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from pydantic import SecretStr

from client.addresses import HostList, is_private_channel, parse_host, parse_url
from client.arguments import Options
from client.errors import UsageError
from client.key_pins import KeyPins, parse_pins
from client.local_stack import Stack, StackClient

CLIENT_ID_VARIABLE = "A2A_CLIENT_AUTH0_CLIENT_ID"
CLIENT_SECRET_VARIABLE = "A2A_CLIENT_AUTH0_CLIENT_SECRET"  # noqa: S105 - a variable's name
DOMAIN_VARIABLE = "HR_AUTH0_DOMAIN"
DEFAULT_AUDIENCE = "https://staff0/agent"
DEFAULT_CLIENT = "acme"


@dataclass(frozen=True)
class Connection:
    agent: httpx.URL
    client_id: str
    client_secret: SecretStr
    audience: str
    token_hosts: HostList
    agent_keys: KeyPins


def resolve(options: Options, stack: Stack | None, environment: Mapping[str, str]) -> Connection:
    """Options take precedence over environment variables, and those over the local stack.

    Raises UsageError if a value is missing or wrong.
    """
    agent = _agent(options, stack)
    own = _environment_client(options, environment)
    identity = own or _stack_client(options.client or DEFAULT_CLIENT, stack)
    return Connection(
        agent=agent,
        client_id=identity.client_id,
        client_secret=identity.client_secret,
        audience=options.audience or (stack.agent_audience if stack else DEFAULT_AUDIENCE),
        token_hosts=_named_hosts(options, environment) if own else _stack_hosts(options, stack),
        agent_keys=parse_pins(options.agent_keys),
    )


def _agent(options: Options, stack: Stack | None) -> httpx.URL:
    text = options.agent or (stack.agent_url if stack else None)
    if text is None:
        raise UsageError("No agent is given: use --agent URL, or start the local one with `make up`.")
    url = parse_url(text)
    if url is None or not is_private_channel(url):
        raise UsageError(f"The agent's address must be https:// (http:// on this machine only), not {text}.")
    return url


def _named_hosts(options: Options, environment: Mapping[str, str]) -> HostList:
    """Hosts that the user named. The stack's file names no host for a secret that is not its own."""
    domain = environment.get(DOMAIN_VARIABLE)
    hosts = options.token_hosts or ((domain,) if domain else ())
    if not hosts:
        raise UsageError(
            f"No host is named that may receive {CLIENT_SECRET_VARIABLE}: use --token-host HOST[:PORT] "
            f"or {DOMAIN_VARIABLE}, or --as {DEFAULT_CLIENT} for a client of the local stack."
        )
    return HostList(frozenset(map(parse_host, hosts)))


def _stack_hosts(options: Options, stack: Stack | None) -> HostList:
    if options.token_hosts:
        return HostList(frozenset(map(parse_host, options.token_hosts)))
    if stack is None:
        raise UsageError("No identity provider is given: use --token-host HOST[:PORT].")
    issuer = httpx.URL(stack.issuer)
    return HostList(frozenset({(issuer.host, issuer.port)}))


def _environment_client(options: Options, environment: Mapping[str, str]) -> StackClient | None:
    """The client of the environment variables; None if the user chose a client of the stack, or set no variable."""
    client_id = options.client_id or environment.get(CLIENT_ID_VARIABLE)
    if options.client or not client_id:
        return None
    secret = environment.get(CLIENT_SECRET_VARIABLE)
    if not secret:
        raise UsageError(f"No secret for client {client_id}: set {CLIENT_SECRET_VARIABLE}.")
    return StackClient(client_id=client_id, client_secret=SecretStr(secret))


def _stack_client(name: str, stack: Stack | None) -> StackClient:
    if stack is None:
        raise UsageError(f"No client is given: set {CLIENT_ID_VARIABLE} and {CLIENT_SECRET_VARIABLE}.")
    try:
        return stack.clients[name]
    except KeyError:
        known = ", ".join(sorted(stack.clients)) or "none"
        raise UsageError(f"The stack has no client {name!r}; it has: {known}.") from None
