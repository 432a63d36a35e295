"""The ways in which the independent merchant may differ; every value is legal."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Habits:
    """What this merchant does in one of several legal ways; times are in seconds unless named otherwise."""

    # the request
    method: str = "POST"
    all_in_url: bool = False
    charset_case: str = "upper"
    order: str = "given"
    blank: str = "%20"
    hex: str = "upper"
    unescaped: str = "unreserved"
    json: str = "compact"
    amounts: str = "given"
    cancel_timestamp: str = "date"
    terminal_timestamp: bool = False
    refund_notify_url: str = "asynchronous"
    explicit_is_sync: bool = False
    # HTTP
    http: str = "1.1"
    connection: str = "reuse"
    headers: tuple = ()
    header_case: str = "usual"
    content_type: str = "charset"
    chunked: bool = False
    piece: int = 0
    absolute_target: bool = False
    # the client
    time_limit: float | None = None
    query_before: tuple = ()
    query_after_unknown: bool = False
    repeats: int = 0
    repeats_retry_flag: bool = False
    notify_verify: bool = False
    asks_again: bool = False
    # caution
    doubts_gateway_errors: bool = False
    doubts_switching: bool = True
    doubts_retry_flag: bool = False
    waits_for_unknown_refund: bool = False
    waits_for_undecided_cancel: bool = False
    declines_unknown_refund: bool = False
    declines_unknown_cancel: bool = False
    needs_echo: bool = True  # an answer names what it answers
    finished_is_no_payment: bool = False
    oldest_news_hours: int | None = None
    after_refund: str = "refuse"  # what a cancel of a partly refunded trade does: refuse, rest, send
    # the queue
    books_after: float = 0.0
    waits_for_queue: bool = True
    releases_after: float = 0.0
    replies_after: float = 0.0
    # time
    zone_minutes: int = 480
    # the shop
    cancel_margin: int = 0  # minutes before midnight
    late_cancel: str = "refuse"
    paid_cancel: str = "cancel"
    full_refund: str = "refund"
    min_partial_refund: str | None = None
    partial_refunds: bool = True
    max_refunds: int | None = None
    currencies: tuple | None = None
    refund_days: int = 365
    seller_required: bool = False
    refuses_line_ends: bool = False
    refuses_controls: bool = False
    refuses_odd_names: bool = False
    cached_create: bool = False
    # its keys and answers
    private_form: str = "pkcs8_pem"
    public_form: str = "pem"
    presign_as_text: bool = False
    invalid_is_refused: bool = False
    tells: tuple = ("code", "action", "via", "qrcode_img_url", "refunded", "pending", "fulfilled", "currency")
    reply: str = "success"
    no_reply: str = "fail"
    no_status: str = "200"
    verify_only: bool = False  # a library: no books, no seller, no once
