"""What a declared check becomes: its cases, and what must hold before them."""

from types import ModuleType, SimpleNamespace

import pytest

from alipay_qr_conformance.model.plan import Plan, Setup
from alipay_qr_conformance.model.policy import Policy
from alipay_qr_conformance.testbed.case import Case, cases_of, check, precondition, preconditions

PLAN = Plan(Policy())
MD5, GBK = Setup("MD5"), Setup("RSA", "GBK")


def cases(run):
    """Return the cases of a function as of a module of its own."""
    module = ModuleType(run.__module__)
    module.run = run
    return list(cases_of(module, PLAN))


def names(run):
    return [case.name for case in cases(run)]


def test_the_function_is_the_case_and_its_docstring_the_description():
    @check("notify.genuine", needs=("notify",), builds_on=("notify.reject.changed",))
    def told_twice(bed):
        """It is told twice.

        More.
        """
        bed.append("ran")

    (case,) = cases(told_twice)
    assert (case.id, case.about) == ("notify.genuine[told-twice]", "It is told twice.")
    assert (case.needs, case.builds_on) == (("notify",), ("notify.reject.changed",))
    ran = []
    case.run(ran)
    assert ran == ["ran"]


def test_a_table_gives_a_case_for_each_row_with_what_suits_it():
    @check(
        lambda _, item: [f"sign.{item}", "sign.order"],
        each={"one": "join", "two": "exclude"},
        needs=lambda item: (item,),
        when=lambda _, item: item != "exclude",
    )
    def judged(bed, item, requirement):
        """It is judged."""
        bed.append((item, requirement))

    found = cases(judged)
    assert [case.id for case in found] == ["sign.join[one]", "sign.order[one]"]
    assert {case.needs for case in found} == {("join",)}
    ran = []
    for case in found:
        case.run(ran)
    assert ran == [("join", "sign.join"), ("join", "sign.order")]


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("", ["judged", "judged"]),
        ("sign_type", ["judged/MD5", "judged/RSA"]),
        ("setup", ["judged/MD5/UTF-8", "judged/RSA/GBK"]),
    ],
)
def test_the_setup_is_a_part_of_the_name_where_it_is_asked_for(named, found):
    @check("sign.order", setups=(MD5, GBK), named=named)
    def judged(bed):
        """It is judged."""

    assert names(judged) == found


def test_a_check_without_a_docstring_is_none():
    with pytest.raises(TypeError, match="no docstring"):

        @check("sign.order")
        def judged(bed):
            pass


def test_a_precondition_is_tried_for_each_operation_that_the_case_sends():
    @precondition("notify.genuine")
    def plain(bed):
        bed.append("plain")

    @precondition("response.genuine", of_operation=True)
    def of_op(bed, op):
        bed.append(op)

    module = ModuleType(plain.__module__)
    module.plain, module.of_op, module.other = plain, of_op, SimpleNamespace()
    found = preconditions(module)
    case = Case("response.code", "x", print, needs=("notify", "refund", "cancel", "trade"))
    tried = []
    for each in found.values():
        each.hold(tried, case)
    assert set(found) == {"notify.genuine", "response.genuine"}
    assert tried == ["plain", "refund", "cancel"]
