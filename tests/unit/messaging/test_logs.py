"""What a log may say about an error."""

from services.observability.logs import explain


def caught(call) -> dict:
    try:
        call()
    except Exception as error:
        return explain(error)
    raise AssertionError("nothing was raised")


def test_the_place_is_named_and_the_text_is_not():
    def fail():
        raise ValueError("sealed price 4711")

    said = caught(fail)
    assert said["error"] == "ValueError"
    assert "test_logs.py" in said["at"][0]
    assert "4711" not in str(said)


def test_texts_that_name_only_code_are_shown():
    assert "foo" in caught(lambda: object().foo)["message"]  # type: ignore[attr-defined]
