"""The A2A client a person runs: it asks whether somebody works at Staff0, waits for the approval, prints the answer.

arguments → connection (whom to ask, as whom) → agent (card, token, calls) → inquiry (ask, wait) → screen or report
verify → keys → statement: for whoever holds a signed statement of an earlier answer
"""
