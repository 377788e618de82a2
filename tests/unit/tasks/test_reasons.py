from staff0.tasks import Reason

DEPENDS_ON_REQUEST = {Reason.UNSUPPORTED_QUESTION, Reason.INSUFFICIENT_SCOPE, Reason.TOO_MANY_REQUESTS}


def test_reason_is_its_code() -> None:
    assert (str(Reason.DENIED), Reason.DENIED.value) == ("denied", "denied")


def test_every_reason_has_texts() -> None:
    for reason in Reason:
        assert reason.meaning
        assert bool(reason.sentence) is (reason not in DEPENDS_ON_REQUEST)
