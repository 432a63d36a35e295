"""The words of the reports, in English and Chinese; findings and requirements bring their own."""

from typing import Final

from alipay_qr_conformance.model.verdicts import Text, Verdict

VERDICTS: Final = {
    Verdict.PASS: Text("kept", "符合"),
    Verdict.FAIL: Text("broken", "违反"),
    Verdict.UNSUPPORTED: Text("unsupported", "不支持"),
    Verdict.BLOCKED: Text("not judged", "未判定"),
    Verdict.HANG: Text("hang", "超时无响应"),
    Verdict.CRASH: Text("crash", "崩溃"),
    Verdict.GARBLED: Text("garbled", "应答无法识别"),
    Verdict.NO_ANSWER: Text("no answer", "无应答"),
    Verdict.UNSTABLE: Text("unstable", "结果不稳定"),
}

PAGE: Final = {
    "heading": Text("Conformance report", "一致性测试报告"),
    "skip": Text("Skip to the findings", "跳到问题列表"),
    "subject": Text("Subject", "被测对象"),
    "level-state": Text("Level {level} of {asked} reached", "已达到级别 {level}（共 {asked}）"),
    "matrix": Text("Requirements", "要求一览"),
    "findings": Text("Findings", "问题"),
    "requirement": Text("Requirement", "要求"),
    "keyword": Text("Keyword", "强度"),
    "level": Text("Level", "级别"),
    "verdict": Text("Verdict", "结论"),
    "cases": Text("Cases", "用例"),
    "kept-of": Text("{kept} of {all} cases kept", "{all} 个用例中 {kept} 个符合"),
    "search": Text("Search requirements, findings and evidence", "搜索要求、问题与证据"),
    "all": Text("All verdicts", "全部结论"),
    "only-broken": Text("Only what is broken", "仅看违反项"),
    "any-level": Text("All levels", "全部级别"),
    "shown": Text("{n} requirements shown", "显示 {n} 项要求"),
    "expected": Text("Expected pre-sign string", "待签名字符串"),
    "signed": Text("What the subject signed", "实际签名的字符串"),
    "why": Text("Why it matters", "影响"),
    "mend": Text("How to mend it", "修正方法"),
    "source": Text("Source", "依据"),
    "diagnosis": Text("Diagnosis", "诊断"),
    "known": Text("known failure, {issue}", "已知问题，{issue}"),
    "flaky": Text("known to be flaky, {issue}", "已知不稳定，{issue}"),
    "more-cases": Text("{n} more cases", "另外 {n} 个用例"),
    "no-findings": Text("No finding.", "未发现问题。"),
    "not-run": Text("not run", "未运行"),
    "reached": Text("reached", "已达到"),
    "not-reached": Text("not reached", "未达到"),
    "broken-requirements": Text("{n} requirements broken", "违反 {n} 项要求"),
    "warnings": Text("Remarks about the adapter", "关于适配器的提示"),
    "partly": Text(
        "Only {ran} of {of} cases ran: a level counts for these alone.",
        "仅运行了 {of} 个用例中的 {ran} 个：级别只对这些用例有效。",
    ),
    "later": Text("Younger than the requirement set, for information alone", "晚于所选要求集，仅供参考"),
    "run": Text(
        "levels 1 to {level}, seed {seed}, depth {depth}, profile {profile}",
        "级别 1 至 {level}，种子 {seed}，深度 {depth}，版本 {profile}",
    ),
    "made-by": Text(
        "Made by alipay-qr-conformance {version}. Self-asserted: no third party has confirmed it.",
        "由 alipay-qr-conformance {version} 生成。自行声明，未经第三方确认。",
    ),
    "copy": Text("case", "用例"),
    "nothing-matches": Text("Nothing matches.", "没有匹配项。"),
}


def say(key: str, lang: str, **details: object) -> str:
    """Return a word of the page with its details filled in."""
    text = PAGE[key].in_language(lang)
    return text.format(**details) if details else text


def labelled(label: Text, lang: str, text: object = "") -> str:
    """Return a label and what it is about, with the colon of the language."""
    colon = "：" if lang == "zh" else ": "
    return f"{label.in_language(lang)}{colon}{text}".rstrip()
