"use strict";
(() => {
  const $ = id => document.getElementById(id);
  const words = JSON.parse(document.body.dataset.words);
  const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  const say = (key, details = {}) => (words[key] || key).replace(/\{(\w+)\}/g, (_, name) => details[name] ?? "");

  // Text goes into the page as text, everywhere; what is invisible or turns the line around is shown by its number.
  const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]/g;
  const seen = text => String(text ?? "").replace(UNSEEN, each => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const short = (text, most = 200) => (text = seen(text)).length > most ? `${text.slice(0, most)}\u2026` : text;
  function el(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "on") made.addEventListener("click", value);
      else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children.filter(each => each !== null && each !== undefined && each !== ""));
    return made;
  }

  function take(name) {
    const given = decodeURIComponent(location.hash.slice(1));
    if (/^[\w-]{16,}$/.test(given)) {
      sessionStorage.setItem(name, given);
      history.replaceState(null, "", location.pathname + location.search);
    }
    return sessionStorage.getItem(name) || "";
  }

  async function call(token, method, path, body) {
    const headers = { Authorization: `Bearer ${token}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const answer = await fetch(`/control/${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store" });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw Object.assign(new Error(told.error || `${answer.status}`), { status: answer.status });
    return told;
  }

  const tidy = body => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== "" && value !== undefined));

  // --- the wallet page ---------------------------------------------------------------------------------------------

  async function wallet() {
    const name = decodeURIComponent(location.pathname.split("/").pop());
    const token = take(`pay ${name}`) || sessionStorage.getItem("token") || "";
    const tell = (kind, text) => $("paid").replaceChildren(el("p", { class: `note ${kind}` }, seen(text)));
    let code;
    try {
      code = await call(token, "GET", `codes/${encodeURIComponent(name)}`);
    } catch (error) {
      $("wallet-pay").hidden = true;
      return tell("bad", error.status === 403 ? say("no-secret") : error.message);
    }
    $("store").textContent = seen(code.store_name) || $("store").textContent;
    $("code-text").textContent = seen(code.qrcode);
    $("currency").value = code.trans_currency || "USD";
    $("wallet-pay").addEventListener("submit", async event => {
      event.preventDefault();
      const body = { qrcode: code.qrcode, total_fee: $("amount").value.trim(), currency: $("currency").value.trim(), buyer_id: $("buyer").value.trim() };
      try {
        const trade = await call(token, "POST", "pay", tidy(body));
        tell("good", say("paid", { total: trade.total, currency: trade.currency, number: trade.out_trade_no }));
      } catch (error) {
        tell("bad", error.message);
      }
    });
    $("amount").focus();
  }

  if (document.body.id === "wallet-page") return void wallet();

  // --- what is known -----------------------------------------------------------------------------------------------

  const token = take("token");
  const MOST = 10000, STEP = 100;
  const requests = new Map(), trades = new Map(), notifications = new Map(), codes = new Map();
  const services = new Set();
  let stories = {}, clock = null, clockAt = 0, run = "", last = 0, newest = 0;
  let filter = { outcome: "", service: "", search: "" }, paused = false, shownMost = STEP, held = 0;
  let selected = Number(sessionStorage.getItem("selected")) || 0, tradeShown = sessionStorage.getItem("trade") || "";

  const get = path => call(token, "GET", path + (path.includes("?") ? "&" : "?") + `lang=${lang}`);
  async function post(name, body) {
    const data = JSON.stringify(body).replaceAll("'", "'\\''");
    $("curl").textContent = `curl -H "Authorization: Bearer $TOKEN" ${location.origin}/control/${name} -d '${data}'`;
    return call(token, "POST", name, body);
  }
  const speak = text => { $("live").textContent = text; };
  const attempt = act => async event => {
    event?.preventDefault();
    try {
      await act(event);
    } catch (error) {
      speak(error.message);
      $("reply").replaceChildren(el("p", { class: "note bad" }, seen(error.message)));
    }
  };

  // --- requests ----------------------------------------------------------------------------------------------------

  const elements = new Map();
  let order = [];  // numbers that fit the filter, oldest first
  const name = row => row.service.split("alipay.").pop() || say("no-service");
  // Made as a row comes, so that the first letter of a search finds all of them ready.
  const text = row => `${row.number} ${row.service} ${row.trade} ${row.outcome} ${row.code} ${(row.findings || []).map(each => each[1]).join(" ")} ${row.mistake?.[lang] || ""}`.toLowerCase();
  function fits(row) {
    if (filter.outcome === "bad" && row.outcome === "done") return false;
    if (filter.outcome === "broken" && !row.findings?.length) return false;
    if (filter.service && row.service !== filter.service) return false;
    return !filter.search || row.text.includes(filter.search);
  }
  function keep(row) {
    const before = requests.get(row.number);
    if (before?.findings && !row.findings) return;
    row.text = text(row);
    requests.set(row.number, row);
    newest = Math.max(newest, row.number);
    if (!services.has(row.service)) {
      services.add(row.service);
      $("service").append(el("option", { value: row.service }, short(name(row), 60)));
    }
    if (!before) {
      if (fits(row)) place(row.number);
      const bad = row.outcome !== "done";
      if (bad && !document.hidden) speak(say("spoken", { number: row.number, service: short(name(row), 60), outcome: say(row.outcome), code: row.code }));
      while (requests.size > MOST) {
        const [oldest] = requests.keys();
        requests.delete(oldest);
        if (order[0] === oldest) order.shift();
        elements.get(oldest)?.remove();
        elements.delete(oldest);
      }
    } else if (filter.outcome === "broken" && row.findings?.length && !order.includes(row.number)) {
      place(row.number);
    }
    if (elements.has(row.number)) fill(elements.get(row.number), row);
    if (row.number === selected && row.explained && !before?.explained) open(selected);
    soon();
  }
  function place(number) {
    let at = order.length;
    while (at && order[at - 1] > number) at--;
    order.splice(at, 0, number);
    if (paused) held++;
  }
  function empty() {
    const item = el("li", { class: "new" }, el("button", { type: "button", on: () => open(item.number) }, ...Array.from({ length: 5 }, () => el("span"))));
    return item;
  }
  function fill(item, row) {
    const worst = row.findings?.some(each => each[0] === "MUST");
    const found = row.findings === null ? "\u2026" : row.findings.length ? `\u2717 ${row.findings[0][0]} ${row.findings.length}` : "\u2713";
    const [number, at, service, outcome, findings] = item.firstChild.children;
    number.textContent = `#${row.number}`;
    at.textContent = beijing(new Date(row.at)).slice(11);
    service.textContent = short(name(row), 60);
    outcome.textContent = `${say(row.outcome)} ${short(row.code, 60)}${row.fault ? ` (${short(row.fault, 40)})` : ""}`;
    outcome.className = row.outcome === "done" ? "good" : "bad";
    findings.textContent = found;
    findings.className = worst ? "bad" : row.findings?.length ? "warn" : "good";
    findings.title = (row.findings || []).map(each => each.join(" ")).join("\n");
    item.firstChild.setAttribute("aria-current", row.number === selected);
  }
  let asked = false;
  function soon() {
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => { asked = false; draw(); });
    }
  }
  function draw() {
    const total = order.length - (paused ? held : 0);
    const wanted = order.slice(Math.max(0, total - shownMost), total).filter(number => requests.has(number)).reverse();
    const keepers = new Set(wanted), spare = [];
    for (const [number, item] of elements) {
      if (!keepers.has(number) && !item.contains(document.activeElement)) {
        spare.push(item);
        elements.delete(number);
      }
    }
    const list = $("rows");
    let place = list.firstChild;
    for (const number of wanted) {
      let item = elements.get(number);
      if (!item) {
        item = spare.shift() || empty();  // to write anew what is there costs less than to make it
        item.number = number;
        fill(item, requests.get(number));
        elements.set(number, item);
      }
      if (item === place) place = place.nextSibling;
      else list.insertBefore(item, place);
    }
    for (const item of spare) item.remove();
    $("shown").textContent = say("shown", { shown: total, all: requests.size });
    $("waiting").hidden = !(paused && held);
    $("waiting").textContent = say("waiting", { count: held });
    $("more").hidden = total <= shownMost;
    $("no-requests").hidden = requests.size > 0;
  }
  function refilter() {
    order = [];
    for (const row of requests.values()) if (fits(row)) order.push(row.number);
    order.sort((a, b) => a - b);
    shownMost = STEP;
    held = 0;
    draw();
  }

  const field = (label, ...values) => [el("dt", {}, label), el("dd", {}, ...values)];
  const block = content => el("pre", { tabindex: "0" }, ...[].concat(content));
  const side = pieces => block(pieces.map(([part, same]) => same ? seen(part) : el("mark", {}, seen(part))));
  async function open(number) {
    selected = number;
    sessionStorage.setItem("selected", number);
    for (const [each, item] of elements) item.firstChild.setAttribute("aria-current", each === number);
    const told = await get(`requests/${number}`).catch(error => ({ error: error.message }));
    if (selected !== number) return;
    const shown = $("detail");
    if (told.error) return shown.replaceChildren(el("p", { class: "soft" }, seen(told.error)));
    const list = el("dl", {}, ...field(say("verdict"), el("b", { class: told.findings.length || told.code ? "bad" : "good" }, seen(told.verdict))));
    for (const each of told.findings) {
      list.append(...field(`${each.keyword} ${each.requirement}`, el("div", { class: `note ${each.keyword === "MUST" ? "bad" : "warn"}` },
        el("p", {}, seen(each.detail)),
        each.mistake ? el("p", {}, el("b", {}, `${say("mistake")} `), seen(each.mistake)) : null,
        el("p", {}, el("b", {}, `${say("remedy")} `), seen(each.mistake_remedy || each.remedy)),
        el("p", { class: "soft" }, seen(each.clause)))));
    }
    if (!told.explained) list.append(...field(say("mistake"), say("searching")));
    if (told.difference) {
      list.append(...field(say("signed"), side(told.difference[1])), ...field(say("expected"), side(told.difference[0])));
    } else {
      list.append(...field(say(told.verified ? "signed" : "expected"), block(seen(told.presign))));
    }
    list.append(
      ...field(say("wire"), block(`${seen(told.method)} ${short(told.target, 20000)}${told.content_type ? `\n${seen(told.content_type)}` : ""}${told.body ? `\n\n${short(told.body, 20000)}` : ""}`)),
      ...field(`${say("answer")} ${told.answer_status}`, block(short(told.answer, 20000))),
      ...field("curl", block(short(told.curl, 20000)), el("button", { type: "button", on: () => navigator.clipboard.writeText(told.curl) }, say("copy"))),
    );
    shown.replaceChildren(el("h3", {}, `#${number} ${short(told.service, 80)}`), list);
    shown.scrollTop = 0;
  }

  // --- codes, trades, notifications, clock -------------------------------------------------------------------------

  let picture = "";
  async function showCode() {
    const code = codes.get($("code").value);
    $("pay").hidden = !codes.size;
    $("no-codes").hidden = codes.size > 0;
    if (!code) return;
    $("code-text").textContent = [code.qrcode, code.store_name, code.store_id, code.status === "NORMAL" ? "" : code.status].filter(Boolean).map(each => short(each, 100)).join(" \u00b7 ");
    $("wallet").href = code.pay_url;
    if (picture === code.qrcode) return;
    picture = code.qrcode;
    $("currency").value = code.trans_currency || "USD";
    const answer = await fetch(`/console/qr/${encodeURIComponent(code.code)}.svg`, { headers: { Authorization: `Bearer ${token}` } });
    const image = answer.ok ? el("img", { alt: say("qr", { code: short(code.code, 40) }) }) : el("p", { class: "soft" }, seen(await answer.text()));
    if (answer.ok) {
      image.src = URL.createObjectURL(await answer.blob());
      image.addEventListener("load", () => URL.revokeObjectURL(image.src));
    }
    $("qr").replaceChildren(image);
  }
  function keepCode(code) {
    if (!codes.has(code.qrcode)) $("code").append(el("option", { value: code.qrcode }, short(code.store_name || code.code, 60)));
    codes.set(code.qrcode, code);
    showCode();
  }
  function keepTrade(trade) {
    if (!trades.has(trade.out_trade_no)) {
      $("trade-number").prepend(el("option", { value: trade.out_trade_no }, short(trade.out_trade_no, 70)));
      if (!tradeShown || $("trade-number").options.length === 1 || !document.activeElement?.closest("#trade")) tradeShown = trade.out_trade_no;
    }
    trades.set(trade.out_trade_no, trade);
    showTrade();
  }
  function keepNotification(sent) {
    notifications.set(sent.number, sent);
    if (sent.judgement.verdict === "wrong") speak(sent.judgement.detail[lang]);
    if (sent.out_trade_no === tradeShown) showTrade();
  }
  const clockNow = () => clock ? new Date(new Date(clock.now).getTime() + (clock.still ? 0 : performance.now() - clockAt)) : new Date();
  const beijing = date => new Date(date.getTime() + 8 * 3600e3).toISOString().slice(0, 19).replace("T", " ");
  function left(until) {
    const seconds = Math.floor((new Date(until) - clockNow()) / 1000);
    if (seconds <= 0) return "";
    if (seconds >= 2 * 86400) return say("days", { count: Math.floor(seconds / 86400) });
    return say("hms", { h: Math.floor(seconds / 3600), m: Math.floor(seconds / 60) % 60, s: seconds % 60 });
  }
  function showWindow() {
    const trade = trades.get(tradeShown);
    if (!trade?.cancel_until) return $("window").replaceChildren();
    const cancel = left(trade.cancel_until), refund = left(trade.refund_until);
    const may = trade.state === "paid", some = may || trade.state === "partly_refunded";
    $("window").textContent = [
      may ? (cancel ? say("cancel-left", { left: cancel, until: beijing(new Date(trade.cancel_until)) }) : say("cancel-over", { until: beijing(new Date(trade.cancel_until)) })) : say("cancel-none", { state: say(`state-${trade.state}`) }),
      some ? (refund ? say("refund-left", { left: refund, until: beijing(new Date(trade.refund_until)) }) : say("refund-over", { until: beijing(new Date(trade.refund_until)) })) : "",
    ].join(" ");
  }
  let drawn = false;
  function showTrade() {
    if (!drawn) {
      drawn = true;
      requestAnimationFrame(() => { drawn = false; drawTrade(); });
    }
  }
  function drawTrade() {
    const trade = trades.get(tradeShown);
    $("trade").hidden = !trade;
    $("no-trades").hidden = Boolean(trade);
    if (!trade) return;
    $("trade-number").value = tradeShown;
    sessionStorage.setItem("trade", tradeShown);
    const sum = (label, value) => el("div", {}, ...field(label, value));
    $("sums").replaceChildren(
      sum(say("state"), say(`state-${trade.state}`)),
      sum(say("sum-paid"), `${trade.total} ${trade.currency}`),
      sum(say("sum-refunded"), trade.refunded),
      sum(say("sum-pending"), trade.pending),
      sum(say("sum-rest"), trade.remaining),
    );
    showWindow();
    const moments = [];
    if (trade.paid_at) moments.push([trade.paid_at, `${say("state-paid")} ${trade.total} ${trade.currency}`]);
    for (const each of trade.refunds) moments.push([each.at, `${say("refund")} ${short(each.partner_refund_id, 70)} ${each.amount}${each.done ? "" : ` (${say("sum-pending")})`}`]);
    if (trade.ended_at) moments.push([trade.ended_at, say(`state-${trade.state}`)]);
    for (const row of requests.values()) if (row.trade === tradeShown) moments.push([row.at, `#${row.number} ${name(row)}: ${say(row.outcome)} ${row.code}`]);
    moments.sort((a, b) => new Date(a[0]) - new Date(b[0]));
    $("history").replaceChildren(...moments.slice(-200).map(([at, what]) => el("li", {}, el("time", { datetime: at }, beijing(new Date(at))), ` ${short(what)}`)));
    const mine = [...notifications.values()].filter(each => each.out_trade_no === tradeShown).slice(-200).reverse();
    $("notifications").replaceChildren(...mine.map(sentLine));
  }
  function sentLine(sent) {
    const tried = sent.attempts[sent.attempts.length - 1];
    const reply = !tried ? say("not-sent") : tried.status ? `${tried.status} "${short(tried.reply, 80)}"` : short(tried.error);
    const kind = { right: "good", wrong: "bad", open: "soft" }[sent.judgement.verdict];
    const judged = !tried?.status ? "" : sent.judgement.verdict === "wrong" ? `${say("not-good")} ${sent.judgement.detail[lang]} (${sent.judgement.requirement})` : say(sent.judgement.verdict);
    const again = sent.state === "pending" && tried ? say("repeats", { at: new Date(sent.due * 1000).toTimeString().slice(0, 8) }) : "";
    return el("li", {}, `${sent.number} ${short(sent.event, 80)} \u2192 ${reply} `, el("b", { class: kind }, judged), ` ${again}`);
  }
  function keepClock(told) {
    clock = told;
    clockAt = performance.now();
    $("clock-state").textContent = say(told.still ? "stands" : told.real ? "is-real" : "runs");
    tick();
  }
  function tick() {
    $("now").textContent = beijing(clockNow());
    showWindow();
  }
  const keepFaults = list => { $("faults").textContent = list.map(each => `${each.name} ${each.service || ""} \u00d7${each.times}`).join(", "); };

  // --- the stream: one a browser; other tabs hear from the one that has it -----------------------------------------

  const channel = new BroadcastChannel("alipay-qr-console");
  let syncing = null, early = [];
  const handle = {
    request: keep,
    explained: keep,
    rows: list => list.forEach(keep),
    trade: keepTrade,
    code: keepCode,
    notification: keepNotification,
    clock: keepClock,
    fault: keepFaults,
    heartbeat: keepClock,
    reset: () => forget(),
    sync: () => sync(),
    connection: state => { $("connection").textContent = say(state); },
  };
  function hear({ event, data }) {
    if (syncing && event !== "connection") early.push({ event, data });
    else handle[event]?.(data);
  }
  function publish(event, data) {
    channel.postMessage({ event, data });
    hear({ event, data });
  }
  channel.addEventListener("message", message => hear(message.data));

  function forget() {
    for (const each of [requests, trades, notifications, codes, elements]) each.clear();
    for (const id of ["rows", "code", "trade-number", "history", "notifications", "qr"]) $(id).replaceChildren();
    $("detail").replaceChildren();
    order = [];
    held = newest = selected = 0;
    tradeShown = picture = "";
    showCode();
    showTrade();
    draw();
  }
  async function sync() {
    if (syncing) return syncing;
    syncing = (async () => {
      for (let list = null; list === null || list.length === 1000;) {
        list = await get(`rows?after=${newest}&limit=1000`);
        list.forEach(keep);
      }
      (await get("codes")).forEach(keepCode);
      (await get("trades")).forEach(keepTrade);
      (await get("notifications?rows=1")).forEach(keepNotification);
      keepClock(await get("clock"));
      keepFaults(await get("faults"));
    })();
    try {
      await syncing;
    } finally {
      syncing = null;
      const missed = early;
      early = [];
      missed.forEach(hear);
    }
  }

  let skipped = null;
  function fetchSkipped(told) {
    const waiting = skipped !== null;
    skipped = [Math.min(skipped?.[0] ?? told.from, told.from), Math.max(skipped?.[1] ?? told.to, told.to)];
    if (!waiting) setTimeout(async () => {
      let [from, to] = skipped;
      skipped = null;
      for (from = Math.max(from, to - MOST); from <= to; from += 500) publish("rows", await get(`rows?after=${from - 1}&limit=${Math.min(500, to - from + 1)}`).catch(() => []));
    }, 1000);
  }
  function receive(part) {
    const fields = Object.fromEntries(part.split("\n").map(line => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
    if (!fields.event) return;
    const data = JSON.parse(fields.data);
    last = Number(fields.id);
    if (fields.event === "hello") {
      if (run !== data.run) publish("sync", {});
      run = data.run;
      publish("connection", "connected");
    } else if (fields.event === "gap") publish("sync", {});
    else if (fields.event === "skipped") fetchSkipped(data);
    else publish(fields.event, data);
  }
  async function stream() {
    const answer = await fetch(`/control/events${run ? `?after=${last}&run=${run}` : ""}`, { headers: { Authorization: `Bearer ${token}` }, cache: "no-store" });
    if (!answer.ok) throw Object.assign(new Error("stream"), { status: answer.status });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = "", part; !(part = await reader.read()).done;) {
      const parts = (rest + part.value).split("\n\n");
      rest = parts.pop();
      parts.forEach(receive);
    }
  }
  async function lead() {
    for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
      const began = performance.now();
      try {
        await stream();
      } catch (error) {
        if (error.status === 403) return publish("connection", "no-token");
      }
      publish("connection", "reconnecting");
      if (performance.now() - began > 5000) pause = 250;
      await new Promise(done => setTimeout(done, pause));
    }
  }

  // --- what can be done --------------------------------------------------------------------------------------------

  function wire() {
    for (const button of document.querySelectorAll("[data-clock]")) button.addEventListener("click", attempt(async () => keepClock(await post("clock", JSON.parse(button.dataset.clock)))));
    for (const button of document.querySelectorAll("[data-export]")) button.addEventListener("click", attempt(async () => {
      const form = button.dataset.export, path = `export?as=${form}&lang=${lang}`;
      $("curl").textContent = `curl -H "Authorization: Bearer $TOKEN" "${location.origin}/control/${path}"`;
      const answer = await fetch(`/control/${path}`, { headers: { Authorization: `Bearer ${token}` } });
      const link = el("a", { download: `alipay-qr-gateway.${form === "report" ? "json" : form}` });
      link.href = URL.createObjectURL(await answer.blob());
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60e3);
    }));
    $("code").addEventListener("change", showCode);
    $("pay").addEventListener("submit", attempt(async () => {
      const trade = await post("pay", tidy({ qrcode: $("code").value, total_fee: $("amount").value.trim(), currency: $("currency").value.trim(), buyer_id: $("buyer").value.trim() }));
      tradeShown = trade.out_trade_no;
      speak(say("paid", { total: trade.total, currency: trade.currency, number: trade.out_trade_no }));
      keepTrade(trade);
    }));
    $("filter").addEventListener("submit", event => event.preventDefault());
    $("filter").addEventListener("input", () => {
      filter = { outcome: $("outcome").value, service: $("service").value, search: $("search").value.trim().toLowerCase() };
      sessionStorage.setItem("filter", JSON.stringify(filter));
      refilter();
    });
    $("pause").addEventListener("click", () => {
      paused = !paused;
      held = 0;
      $("pause").setAttribute("aria-pressed", paused);
      draw();
    });
    $("waiting").addEventListener("click", () => { held = 0; draw(); });
    $("more").addEventListener("click", () => { shownMost += STEP; draw(); });
    $("rows").addEventListener("keydown", event => {
      const item = event.target.closest("li");
      const to = { ArrowDown: item?.nextSibling, ArrowUp: item?.previousSibling }[event.key];
      if (to) {
        event.preventDefault();
        to.firstChild.focus();
      }
    });
    $("trade-number").addEventListener("change", () => { tradeShown = $("trade-number").value; drawTrade(); });
    $("send").addEventListener("submit", attempt(() => send($("story").value)));
    $("fault").addEventListener("submit", attempt(async () => post("fault", tidy({ fault: $("fault-name").value, service: $("fault-service").value, ...given[$("fault-name").value] }))));
    $("clear-faults").addEventListener("click", attempt(() => post("fault", { clear: true })));
    $("reset").addEventListener("click", attempt(async () => { if (confirm(say("really"))) await post("reset", {}); }));
    $("copy").addEventListener("click", () => navigator.clipboard.writeText($("curl").textContent));
    setInterval(tick, 1000);
  }
  const given = { timeout: { seconds: 20 }, slow: { seconds: 10 }, status: { status: 500 }, redirect: { location: "http://127.0.0.1:9/" }, truncated: { length: 40 }, "business-error": { code: "SYSTEM_ERROR" }, "gateway-error": { code: "SYSTEM_ERROR" }, "unknown-result": { word: "UNKNOWN" }, tampered: { changes: { result_code: "SUCCESS" } } };

  async function send(kind) {
    const overrides = Object.fromEntries($("overrides").value.split("\n").filter(line => line.trim()).map(line => {
      const at = line.indexOf("=");
      return at < 0 ? [line.trim(), null] : [line.slice(0, at).trim(), line.slice(at + 1)];
    }));
    $("reply").replaceChildren(el("p", { class: "soft" }, say("sending")));
    const body = { kind, out_trade_no: tradeShown, wait: 12, lang };
    if (Object.keys(overrides).length) body.overrides = overrides;
    const { sent } = await post("notify", body);
    $("reply").replaceChildren(...sent.map(each => {
      const tried = each.attempts[each.attempts.length - 1];
      const reply = !tried ? say("not-sent") : tried.status ? `${tried.status} "${short(tried.reply, 80)}"` : short(tried.error);
      const { verdict, detail, requirement, keyword, remedy } = each.judgement;
      return el("div", { class: `note ${{ right: "good", wrong: "bad", open: "warn" }[verdict]}` },
        el("b", {}, `${short(each.event, 60)} \u2192 ${reply} `),
        verdict === "wrong" ? `${say("not-good")} ${seen(detail)} (${keyword} ${requirement}) ${seen(remedy)}` : say(verdict));
    }));
  }
  const USUAL = ["genuine", "duplicate", "late", "replayed", "reordered", "tampered", "wrong-signature", "foreign-key", "unsigned", "altered", "edited"];

  async function start() {
    if (!token) {
      $("connection").textContent = say("no-token");
      return;
    }
    wire();
    const kept = sessionStorage.getItem("filter");
    if (kept) {
      filter = JSON.parse(kept);
      $("outcome").value = filter.outcome;
      $("search").value = filter.search;
    }
    try {
      await sync();
    } catch (error) {
      $("connection").textContent = say(error.status === 403 ? "no-token" : "reconnecting");
    }
    document.body.dataset.ready = "yes";
    $("connection").textContent = say("connected");
    if (selected && requests.has(selected)) open(selected);
    navigator.locks.request("alipay-qr-console", lead);
    stories = await get("stories").catch(() => ({}));
    $("usual").replaceChildren(...USUAL.map(kind => el("button", { type: "button", on: attempt(() => send(kind)) }, say(`kind-${kind}`))));
    $("story").replaceChildren(...Object.keys(stories).map(kind => el("option", { value: kind }, kind)));
  }
  start();
})();
