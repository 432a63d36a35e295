"""Comparing what somebody answers to a vector with what stands in it.

Vectors are judged in chunks, each one test of pytest's, because a test costs more than a comparison. Every
vector of a chunk is judged, whatever became of the ones before; the chunk fails with the id of each that does
not hold, and with what differs there.
"""

import functools
import inspect
import traceback

import pytest

from alipay_qr_conformance.vectors.load import load

CHUNK = 100


def each_of(vectors, answers=None):
    """Let a test of one ``vector`` be a test of chunks of ``vectors``; its other arguments are fixtures.

    ``answers`` asks somebody about a whole chunk at once: it takes vectors and returns as many values, each
    the argument ``answer`` of the test of its vector.
    """
    assert vectors, "no vector to judge"
    chunks = [vectors[start : start + CHUNK] for start in range(0, len(vectors), CHUNK)]

    def decorate(test):
        signature = inspect.signature(test)

        @functools.wraps(test)
        def judge(vectors, **fixtures):
            told = answers(vectors) if answers else [None] * len(vectors)
            each = [
                {"vector": vector, **fixtures} | ({"answer": answer} if answers else {})
                for vector, answer in zip(vectors, told, strict=True)
            ]
            faults = [text for arguments in each if (text := fault(test, arguments))]
            if faults:
                heading = f"{len(faults)} of {len(vectors)} vectors do not hold"
                pytest.fail("\n\n".join([heading, *faults]), pytrace=False)

        judge.__signature__ = signature.replace(
            parameters=[
                each.replace(name="vectors") if name == "vector" else each
                for name, each in signature.parameters.items()
                if name != "answer"
            ]
        )
        ids = [f"{chunk[0].id} and {len(chunk) - 1} more" for chunk in chunks]
        return pytest.mark.parametrize("vectors", chunks, ids=ids)(judge)

    return decorate


def fault(test, arguments):
    """What is wrong with a vector, under its id; None if it holds."""
    name = arguments["vector"].id
    try:
        test(**arguments)
    except (AssertionError, pytest.fail.Exception) as error:
        return f"{name}: {error}"
    except Exception as error:  # noqa: BLE001 (of others, too, the rest of the chunk must not be lost)
        return f"{name}: {''.join(traceback.format_exception(error))}"
    return None


def judged(*names):
    """The vectors with one right answer; where the sources are silent, so are the oracles."""
    return [vector for name in names for vector in load(name) if vector.result != "acceptable"]


def each_judged(*names, answers=None):
    """Let a test of one ``vector`` be a test of all that have one right answer; see `each_of`."""
    return each_of(judged(*names), answers)


def expected(vector):
    """The right answer to a vector."""
    return {"result": vector.result, **vector.steps}
