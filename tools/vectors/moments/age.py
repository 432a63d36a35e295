"""How old a CREATE may be when it arrives: thirty minutes, by the gateway's clock."""

from collections.abc import Iterator

from tools.vectors.moments.writing import CREATE, ZONE
from tools.vectors.question import Inputs, Row, family, question

_SENT = "2026-11-23 10:00:00"


@question(ZONE, given=CREATE, says={"age_milliseconds": 250})
def it_arrives_at_once() -> Inputs:
    """A request on its ordinary way."""
    return {"text": _SENT, "arrives": "2026-11-23T10:00:00.250+08:00"}


@family(ZONE, given=CREATE, twin=it_arrives_at_once)
def it_arrives_later() -> Iterator[Row]:
    """A request may be up to thirty minutes old; the gateway's clock counts to the millisecond."""
    for clock, age, slug, comment in (
        ("2026-11-23T10:01:00.000+08:00", 60_000, "a-minute", "Here: a minute later."),
        ("2026-11-23T10:29:59.999+08:00", 1_799_999, "a-millisecond-less", "Here: a millisecond before the thirty minutes are over."),
        ("2026-11-23T02:29:59.999Z", 1_799_999, "in-utc", "Here: the same, by a clock in UTC."),
        ("2026-11-23T10:29:00.000+08:00", 1_740_000, "29-minutes", "Here: 29 minutes later."),
    ):  # fmt: skip
        yield Row(slug, comment, {"text": _SENT, "arrives": clock}, says={"age_milliseconds": age})
    yield Row(
        "exactly",
        "Here: thirty minutes to the millisecond; no source says on which side that is.",
        {"text": _SENT, "arrives": "2026-11-23T10:30:00.000+08:00"},
        "acceptable",
    )


@family(ZONE, given=CREATE, twin=it_arrives_at_once, result="invalid")
def it_arrives_too_late() -> Iterator[Row]:
    """More than thirty minutes: the gateway refuses it, however right its sign is."""
    for clock, slug, comment in (
        ("2026-11-23T10:30:00.001+08:00", "a-millisecond-more", "Here: a millisecond over thirty minutes."),
        ("2026-11-23T10:30:01.000+08:00", "a-second-more", "Here: a second over."),
        (
            "2026-11-23T11:00:00.000+08:00",
            "an-hour",
            "Here: an hour, as a clock in winter time is behind one in summer.",
        ),
        (
            "2026-11-23T18:00:00.000+08:00",
            "eight-hours",
            "Here: eight hours: the text is UTC and not Beijing time.",
        ),
        ("2026-11-24T10:00:00.000+08:00", "a-day", "Here: the same time of the next day."),
        ("2027-11-23T10:00:00.000+08:00", "a-year", "Here: the same day of the next year."),
        (
            "2026-11-23T10:00:00.000Z",
            "offset-ignored",
            "Here: the same figures on a clock in UTC, eight hours later.",
        ),
    ):
        yield Row(slug, comment, {"text": _SENT, "arrives": clock}, says={"error": "INVALID_PARAMETER"})


@family(ZONE, given=CREATE, twin=it_arrives_at_once, result="acceptable")
def it_comes_from_the_future() -> Iterator[Row]:
    """The merchant's clock is ahead of the gateway's; the sources bound the age alone."""
    for clock, slug, comment in (
        ("2026-11-23T09:59:59.000+08:00", "a-second", "Here: by a second."),
        ("2026-11-23T09:00:00.000+08:00", "an-hour", "Here: by an hour, as Tokyo is."),
        ("2026-11-22T10:00:00.000+08:00", "a-day", "Here: by a day."),
    ):
        yield Row(slug, comment, {"text": _SENT, "arrives": clock})


@question(ZONE, given=CREATE, says={"age_milliseconds": 1_200_000, "day": "2026-12-31"})
def it_is_sent_before_new_year() -> Inputs:
    """Sent ten minutes before New Year, received ten minutes after: twenty minutes old, in another year."""
    return {"text": "2026-12-31 23:50:00", "arrives": "2027-01-01T00:10:00.000+08:00"}


@question(ZONE, given=CREATE, twin=it_is_sent_before_new_year, result="invalid")
def it_is_sent_long_before_new_year() -> Inputs:
    """Sent 25 minutes earlier: too old, although only the minutes and the year differ."""
    return {"text": "2026-12-31 23:25:00", "arrives": "2027-01-01T00:10:00.000+08:00"}
