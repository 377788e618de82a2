"""A2A client for a person: asks whether someone works at Staff0, waits for the approval, prints the answer.

Modules, in the order of a run:
entry_point → arguments → program → connection (agent, credentials) → agent_client (card, token, calls)
→ task_session (ask, wait) → display or report.
verify → verification → agent_keys → statement: verifies a signed statement of an earlier answer.
"""
