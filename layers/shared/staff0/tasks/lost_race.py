"""Distinguishes a race with another writer from an outage of DynamoDB."""

from typing import Final

from botocore.exceptions import ClientError

CONDITION_FAILED: Final = "ConditionalCheckFailed"
_CONFLICT: Final = "TransactionConflict"


def race_codes(error: ClientError) -> set[str]:
    """The reasons of a write that lost a race: conditions that failed, and conflicts with another transaction.

    Empty for any other error, and if another part of the transaction was throttled or failed: an immediate retry would
    add to the load that DynamoDB refuses.
    """
    if error.response.get("Error", {}).get("Code") == f"{_CONFLICT}Exception":  # of a single item
        return {_CONFLICT}
    codes = {str(reason.get("Code", "None")) for reason in error.response.get("CancellationReasons", [])} - {"None"}
    return codes if codes <= {CONDITION_FAILED, _CONFLICT} else set()
