"""How programs, tools and pages of many kinds print a message: wrappings, as `reading_wrappings` has them."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from reading_wrappings import GATEWAY, Sample, Wrapping


def _each(one: Callable[[str, str], str], joint: str = "\n", frame: str = "{}") -> Wrapping:
    """Return a wrapping that prints pair by pair, ``{}`` of the frame being the place of the pairs."""

    def wrapped(given: Sample) -> str | None:
        return None if given.xml else frame.replace("{}", joint.join(one(*pair) for pair in given.params))

    return wrapped


def _of(act: Callable[[Sample], str]) -> Wrapping:
    """Return a wrapping that suits everything but a response."""
    return lambda given: None if given.xml else act(given)


def _said(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _named(given: Sample) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in given.params]


def _literals(joint: str, frame: str) -> Wrapping:
    return _of(lambda given: frame.replace("{}", given.url.replace("&", joint)))


def _text_and_sign(frame: str) -> Wrapping:
    """Return a wrapping that prints the text to sign at ``{}`` and its sign at ``{sign}``."""

    def wrapped(given: Sample) -> str:
        text = "&".join(f"{n}={v}" for n, v in sorted(given.params) if n[:4] != "sign")
        return frame.replace("{}", text).replace("{sign}", dict(given.params)["sign"])

    return wrapped


def _in_hex(given: Sample, size: int, gap: str, shown: str) -> str:
    """Return 16 bytes a line in groups of ``size``, with a gap of their own between the halves."""
    data, lines = given.text.encode(given.charset), []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        halves = [row[:8].hex(" ", size), row[8:].hex(" ", size)]
        characters = "".join(chr(each) if 32 <= each < 127 else "." for each in row)
        lines.append(f"{at:08x}: {gap.join(halves):<49}{shown.replace('{}', characters)}")
    return "\n".join(lines)


_WIRESHARK = _each(
    lambda name, value: f'  Form item: "{name}" = "{value}"\n    Key: {name}\n    Value: {value}'
)
DUMPS: dict[str, Wrapping] = {
    "Scala map": _each(lambda name, value: f"{name} -> {value}", ", ", "HashMap({})"),
    "Elixir map": _each(lambda name, value: f'"{name}" => {_said(value)}', ", ", "%{{}}"),
    "Erlang proplist": _each(lambda name, value: f'{{<<"{name}">>,<<"{value}"/utf8>>}}', ",\n ", "[{}]"),
    "long arrows": _each(lambda name, value: f"{name}--->{value}"),
    "dashes between": _each(lambda name, value: f"{name}---{value}", frame="------- params -------\n{}"),
    "Chinese name and value": _each(
        lambda name, value: f"\u53c2\u6570\u540d\uff1a{name}\uff0c\u53c2\u6570\u503c\uff1a{value}"
    ),
    "protobuf": _each(lambda name, value: f'params {{\n  key: "{name}"\n  value: {_said(value)}\n}}'),
    "NSDictionary escapes": _each(
        lambda name, value: f'    "{name}" = {json.dumps(value)};'.replace("\\u", "\\U"), frame="{\n{}\n}"
    ),
    "syslog": _each(
        lambda name, value: f"    [{name}] => {value}", "#012", "Nov 23 shop php: Array#012(#012{}#012)"
    ),
    "watch of a debugger": _each(
        lambda name, value: f"[0]\t{{[{name}, {value}]}}\tSystem.KeyValuePair<string, string>"
    ),
    "Kotlin pairs": _each(lambda name, value: f"({name}, {value})", ", ", "[{}]"),
    "Chinese brackets": _each(
        lambda name, value: f"\u3010{name}\u3011{value}", frame="\u53c2\u6570\uff1a\n{}"
    ),
    "print_r, line ends escaped": _each(
        lambda name, value: f"    [{name}] => {value}\\n", "", "Array\\n(\\n{})\\n"
    ),
    "CDATA by attribute": _each(
        lambda name, value: f'<param name="{name}"><![CDATA[{value}]]></param>', "", "<request>{}</request>"
    ),
    "Docker log": _of(
        lambda given: json.dumps({"log": f"INFO params={given.decoded}\n", "stream": "stdout"})
    ),
    "curl over lines of cmd": _each(
        lambda name, value: '  --data-urlencode "{}={}"'.format(name, value.replace('"', '\\"')),
        " ^\n",
        f'C:\\Users\\li> curl -X POST "{GATEWAY}" ^\n{{}}',
    ),
    "columns beside": _each(
        lambda name, value: f"1\t{name}\t{value}\tyes", frame="No\tname\tvalue\tneeded\n{}"
    ),
    "blanks of a page": _each(lambda name, value: f"{name}\u00a0=\u00a0{value}"),
    "inputs without a form": _each(
        lambda name, value: f"<INPUT VALUE='{_escaped(value)}' TYPE='hidden' NAME='{name}'/>"
    ),
    "Clojure map": _each(lambda name, value: f":{name} {_said(value)}", ", ", "{{}}"),
    "Lua table": _each(lambda name, value: f'  ["{name}"] = {_said(value)},', frame="{\n{}\n}"),
    "Perl dumper": _each(lambda name, value: f"  '{name}' => '{value}'", ",\n", "$VAR1 = {\n{}\n};"),
    "Rust tuples": _each(lambda name, value: f'("{name}", {_said(value)})', ", ", "[{}]"),
    "NSDictionary": _each(
        lambda name, value: f"    {name} = {value};" if value.isalnum() else f"    {name} = {_said(value)};",
        frame="{\n{}\n}",
    ),
    "Dart map": _each(lambda name, value: f"{name}: {value}", ", ", "I/flutter ( 123): {{}}"),
    "PHP serialize": _each(
        lambda name, value: f's:{len(name)}:"{name}";s:{len(value.encode())}:"{value}";', "", "a:9:{{}}"
    ),
    "PHP assignments": _each(lambda name, value: f"$params['{name}'] = '{value}';"),
    "Laravel dd": _each(lambda name, value: f'  "{name}" => "{value}"', frame="array:9 [\n{}\n]"),
    "JS assignments": _each(lambda name, value: f"params.{name} = '{value}';"),
    "JS entries": _each(lambda name, value: f"[ '{name}', '{value}' ]", ",\n  ", "[\n  {}\n]"),
    "Java String[]": _each(lambda name, value: f"{name}=[{value}]", ", ", "paramMap={{}}"),
    "Java put": _each(lambda name, value: f'params.put("{name}", {_said(value)});'),
    "Go %#v": _each(lambda name, value: f'"{name}":[]string{{{_said(value)}}}', ", ", "url.Values{{}}"),
    "Python bytes": _each(lambda name, value: f"b'{name}': [b'{value}']", ", ", "{{}}"),
    "Python tuples": _each(lambda name, value: f"('{name}', '{value}')", ", ", "FormData([{}])"),
    "Rails parameters": _each(
        lambda name, value: f'"{name}"=>{_said(value)}',
        ", ",
        "#<ActionController::Parameters {{}} permitted: false>",
    ),
    "YAML": _each(lambda name, value: f"  {name}: {value}", frame="---\nparams:\n{}\n"),
    "XML entries": _each(
        lambda name, value: f"<entry><key>{name}</key><value>{_escaped(value)}</value></entry>",
        "",
        "<map>{}</map>",
    ),
    "property list": _each(
        lambda name, value: f"<key>{name}</key>\n<string>{_escaped(value)}</string>",
        frame="<plist>\n{}\n</plist>",
    ),
    "appSettings": _each(lambda name, value: f'<add key="{name}" value="{_escaped(value)}" />'),
    "JMeter": _each(
        lambda name, value: (
            f'<elementProp name="{name}" elementType="HTTPArgument">'
            f'<stringProp name="Argument.value">{_escaped(value)}</stringProp></elementProp>'
        )
    ),
    "HTML lines": _each(lambda name, value: f"{name}\uff1a{_escaped(value)}<br>", ""),
    "description list": _each(lambda name, value: f"<dt>{name}</dt><dd>{_escaped(value)}</dd>"),
    "by turns": _each(lambda name, value: f"{name}\n{value}"),
    "by turns, as Python writes": _each(lambda name, value: f"{name}\n{value!r}"),
    "Redis": _of(
        lambda given: "\n".join(
            f'{at}) "{each}"' for at, each in enumerate((part for pair in given.params for part in pair), 1)
        )
    ),
    "arrows": _each(lambda name, value: f"{name} ==> {value}"),
    "Chinese quotes": _each(lambda name, value: f"\u201c{name}\u201d\uff1a\u201c{value}\u201d"),
    "Markdown list": _each(lambda name, value: f"- **{name}**: `{value}`"),
    "MySQL \\G": _each(lambda name, value: f"{name:>20}: {value}", frame="*** 1. row ***\n{}\n1 row in set"),
    "CSV of names": _each(lambda name, value: f'{name},"{value.replace(chr(34), chr(34) * 2)}"'),
    "Bruno": _each(
        lambda name, value: f"  {name}: {value}",
        frame=f"post {{\n  url: {GATEWAY}\n}}\n\nbody:form-urlencoded {{\n{{}}\n}}",
    ),
    "Wireshark": lambda given: None if given.kind == "create" else _WIRESHARK(given),
    "PowerShell table": _of(
        lambda given: f"irm {GATEWAY} -Body @{{" + "; ".join(f"{n}='{v}'" for n, v in given.params) + "}"
    ),
    "HTTPie": _of(lambda given: f"http -f POST {GATEWAY} " + " ".join(f"{n}='{v}'" for n, v in given.params)),
    "bytes in a log": lambda given: f"INFO:root:body={given.text.encode()!r}",
    "literals of JS": _literals('" +\n  "&', 'var u = "{}";'),
    "literals of PHP": _literals("' .\n  '&", "$u = '{}';"),
    "literals of Visual Basic": _literals('" & _\n      "&', 'url = "{}"'),
    "literals of Python": _literals('"\n     "&', 'u = ("{}")'),
    "colours": lambda given: f"\x1b[32mINFO\x1b[0m \x1b[1m{given.text}\x1b[0m",
    "base64": lambda given: base64.encodebytes(given.text.encode()).decode(),
    "mail in base64": lambda given: (
        f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(given.text.encode()).decode()}"
    ),
    "shell, continued": _of(lambda given: "\\\n".join(given.text[at : at + 64] for at in range(0, 2000, 64))),
    "fullwidth": _of(lambda given: given.text.replace("&", "\uff06").replace("=", "\uff1d")),
    "encoded three times": _of(lambda given: quote(quote(given.text, safe=""), safe="")),
    "C# pairs": _each(lambda name, value: f"Key = {name}, Value = {value}"),
    "C# debugger": _of(
        lambda given: "\n".join(f"    [{at}]: {{[{n}, {v}]}}" for at, (n, v) in enumerate(given.params))
    ),
    "drawn table": _each(
        lambda name, value: f"\u2502 {name} \u2502 {value} \u2502",
        frame="\u250c\u2500\u252c\u2500\u2510\n{}\n\u2514",
    ),
    "Go spew": _each(
        lambda name, value: f' (string) (len={len(name)}) "{name}": (string) (len=9) {_said(value)},',
        frame="(map[string]string) (len=9) {\n{}\n}",
    ),
    "xdebug's page": _each(
        lambda name, value: (
            f"  '{name}' <font color='#888a85'>=&gt;</font> <small>string</small> "
            f"<font color='#cc0000'>'{_escaped(value)}'</font> <i>(length=9)</i>"
        ),
        frame="<pre class='xdebug-var-dump'><b>array</b> <i>(size=9)</i>\n{}\n</pre>",
    ),
    "Chinese list": _each(lambda name, value: f"{name}\uff1a{value}", "\uff1b\n"),
    "chat in one line": _each(
        lambda name, value: f"{name}={value}", "\uff0c", "\u901a\u77e5\u53c2\u6570\uff1a{}"
    ),
    "dashes": _each(lambda name, value: f"- {name} - {value}"),
    "hashes": _each(lambda name, value: f"#{name}# {value}"),
    "arrows of a list": _each(lambda name, value: f"1) `{name}` \u2192 `{value}`"),
    "pipes": _each(lambda name, value: f"{name}={value}", " | "),
    "lines of a container": _each(
        lambda name, value: f"pay_1  | {name}: {value}", frame="pay_1  | POST /n\n{}\n"
    ),
    "lldb": _of(
        lambda given: "\n".join(
            f'  [{at}] = (first = "{n}", second = {_said(v)})' for at, (n, v) in enumerate(given.params)
        )
    ),
    "Swift": _each(lambda name, value: f'AnyHashable("{name}"): {value}', ", ", "[{}]"),
    "list of R": _each(lambda name, value: f"${name}\n[1] {_said(value)}\n"),
    "properties": lambda given: (
        None
        if given.xml or given.kind in {"gbk", "refund"}
        else "\n".join(f"{n}={v.replace(':', chr(92) + ':')}" for n, v in given.params)
    ),
    "text and sign in one line": _of(
        lambda given: (
            "\u5f85\u7b7e\u540d\u5b57\u7b26\u4e32 ["
            + "&".join(f"{n}={v}" for n, v in sorted(given.params) if v and n[:4] != "sign")
            + f"], \u7b7e\u540d [{dict(given.params)['sign']}]"
        )
    ),
    "blanks behind &": _of(lambda given: given.form.replace("&", "& ")),
    "scanned link": _of(
        lambda given: f"https://x.example/?url={quote(given.url, safe='')}&data=05%7C02&sdata=a%3D&reserved=0"
    ),
    "query list of HAR": _of(
        lambda given: json.dumps(
            {
                "log": {
                    "entries": [{"request": {"method": "GET", "url": GATEWAY, "queryString": _named(given)}}]
                }
            }
        )
    ),
    "a field switched off": _of(
        lambda given: json.dumps([*_named(given), {"name": "memo", "value": "old", "disabled": True}])
    ),
    "XML as JSON": lambda given: (
        json.dumps(
            {
                "is_success": "T",
                "response": {"alipay": {name: each for name, each in given.params if name[:4] != "sign"}},
                **{name: each for name, each in given.params if name[:4] == "sign"},
            }
        )
        if given.xml
        else None
    ),
    "shown in a Western charset": lambda given: given.text.encode(given.charset).decode("latin-1"),
    "GBK log": lambda given: f"\u8bf7\u6c42\u53c2\u6570\uff1a{given.text}\u3002".encode("gb18030"),
    "hexdump": lambda given: _in_hex(given, 1, "  ", "  |{}|"),
    "xxd": lambda given: _in_hex(given, 2, " ", "  {}"),
    "trace of curl": lambda given: (
        "=> Send data, 600 bytes (0x258)\n"
        + "\n".join(f"{at:04x}: {given.text[at : at + 64]}" for at in range(0, len(given.text), 64))
    ),
    "lines of a word processor": lambda given: (
        None if given.xml else f"{given.text[:70]}\u2028{given.text[70:]}"
    ),
    "inputs in apostrophes": _each(lambda name, value: f"<INPUT type=hidden name='{name}' value='{value}'/>"),
    "key and value": _each(lambda name, value: f"key:{name} value:{value}"),
    "members of a list": _each(
        lambda name, value: f"BasicNameValuePair(name={name}, value={value})", ", ", "[{}]"
    ),
    "http file": lambda given: (
        None
        if given.xml or given.charset == "GBK"
        else "\n".join(f"{name} = {quote(value)} &" for name, value in given.params)
    ),
    "attributes": _of(
        lambda given: json.dumps(
            [{**{f"request.parameters.{n}": v for n, v in given.params}, "http.status": 200}]
        )
    ),
    "document": _of(
        lambda given: json.dumps({"_id": {"$oid": "5f1"}, "n": {"$numberInt": "1"}, **dict(given.params)})
    ),
    "XML as print_r": lambda given: (
        _each(
            lambda name, value: f"    [{name}] => {value}",
            frame="    [is_success] => T\n    [response] => Array\n    [alipay] => Array\n{}",
        )(replace(given, xml=""))
        if given.xml
        else None
    ),
    "XML as lists": lambda given: (
        json.dumps(
            {
                "is_success": ["T"],
                "response": [
                    {"alipay": [{name: [each] for name, each in given.params if name[:4] != "sign"}]}
                ],
                **{name: [each] for name, each in given.params if name[:4] == "sign"},
            }
        )
        if given.xml
        else None
    ),
    "syslog octal": lambda given: (
        None
        if given.xml or given.charset == "GBK"
        else re.sub(
            r"[^ -~]", lambda found: "".join(f"#{each:03o}" for each in found[0].encode()), given.decoded
        )
        + "#012#012"
    ),
    "text, arrow, sign": _text_and_sign("{} => {sign}"),
    "sign above the text": _text_and_sign("sign={sign}\n{}"),
    "var_dump of both": _text_and_sign('string(300) "{}"\nstring(32) "{sign}"'),
    "both in a chat": _text_and_sign(
        "\u7b7e\u540d\u539f\u4e32\u662f {} \uff0c\u7b7e\u540d\u662f {sign} \uff0c\u5e2e\u5fd9\u770b\u770b"
    ),
    "fields of a log": _each(
        lambda name, value: f"form.{name}\t{value}", frame="@timestamp\tNov 23\n_id\t4fA\n{}\nlevel\tINFO"
    ),
    "load balancer": _of(
        lambda given: json.dumps(
            {"queryStringParameters": {n: quote(v.encode(given.charset)) for n, v in given.params}}
            if given.charset != "GBK"
            else {"body": given.form}
        )
    ),
    "entries in brackets": _each(lambda name, value: f"Entry[{name}={value}]", ", ", "[{}]"),
    "type beside": _each(lambda name, value: f"{name}\tstring\t{value}\tyes"),
    "value by its type": _of(
        lambda given: json.dumps([{"key": n, "value": {"string_value": v}} for n, v in given.params])
    ),
    "rows with a number": _of(
        lambda given: re.sub(
            r'"(0\.\d+)"', r"\1", json.dumps({"rows": [{"id": 7, **dict(given.params)}]}, ensure_ascii=False)
        )
    ),
    "Markdown escapes": _each(lambda name, value: f"{name}: {value}".replace("_", "\\_")),
    "apostrophes doubled": _each(
        lambda name, value: f"  {name} = '{value.replace(chr(39), chr(39) * 2)}'", frame="@{\n{}\n}"
    ),
}
