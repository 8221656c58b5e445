"""Refusals of the gateway: at the HTTP edge, of webhooks and of the clock."""

CODES: dict[str, tuple[int, str, str]] = {
    # the edge
    "unauthenticated": (401, "请先登录，或提供 API 密钥", "Sign in, or present an API key"),
    "key_invalid": (401, "API 密钥无效或已吊销", "The API key is not valid or was revoked"),
    "no_scope": (
        403,
        "该密钥没有权限「{scope}」",
        "This key does not carry the scope “{scope}”",
    ),
    "no_view": (403, "您不能使用视图「{view}」", "You may not use the view “{view}”"),
    "request_malformed": (400, "不是有效的 HTTP 请求", "The request is not valid HTTP"),
    "address_too_long": (414, "请求地址过长", "The address of the request is too long"),
    "headers_too_large": (431, "请求头过大", "The headers of the request are too large"),
    "method_not_allowed": (405, "该地址不支持此方法", "This address does not take this method"),
    "not_acceptable": (
        406,
        "只能提供 {offered}",
        "Only {offered} can be offered",
    ),
    "unsupported_media_type": (
        415,
        "请求体必须是 application/json",
        "The body must be application/json",
    ),
    "encoding_unsupported": (
        415,
        "不支持请求体编码「{encoding}」，请不压缩并以 UTF-8 发送",
        "The body's encoding “{encoding}” is not supported: send it uncompressed, in UTF-8",
    ),
    "body_too_large": (
        413,
        "请求体超过 {limit_bytes} 字节的上限",
        "The body is larger than the limit of {limit_bytes} bytes",
    ),
    "body_incomplete": (400, "请求体没有完整送达", "The body did not arrive completely"),
    "header_invalid": (400, "请求头 {name} 不符合要求", "The header {name} is not valid"),
    "version_weak": (
        400,
        "If-Match 需要强版本号：请去掉 W/（可能由中间代理加上）",
        "If-Match takes a strong version: leave out the W/, which a proxy may have added",
    ),
    "query_invalid": (422, "查询参数不符合要求", "A query parameter is not valid"),
    "feed_forgotten": (
        410,
        "信息流已不保留该位置之后的全部内容：请先重新读取各列表，再从位置 {resume_after} 之后继续",
        "The feed no longer has everything after this position: read the lists anew, then go on"
        " after position {resume_after}",
    ),
    "feed_ahead": (
        410,
        "信息流尚无该位置，可能已从备份恢复：请先重新读取各列表，再从位置 {resume_after} 之后继续",
        "The feed has not come to this position; it may have been restored from a backup: read the"
        " lists anew, then go on after position {resume_after}",
    ),
    "too_many_requests": (
        429,
        "请求过于频繁，请在 {retry_after_s} 秒后重试",
        "Too many requests; try again in {retry_after_s} s",
    ),
    "too_many_own_streams": (
        429,
        "您同时打开的实时连接已达上限 {limit}，请先关闭其中一个",
        "Your limit of {limit} live connections is reached; close one of them first",
    ),
    "too_many_streams": (
        503,
        "实时连接数已达上限，请稍后重试",
        "All live connections are taken; try again shortly",
    ),
    # webhooks and the clock
    "url_refused": (
        422,
        "回调地址必须是公网 https 地址，且不含空格",
        "The address must be https, on the public internet and without spaces",
    ),
    "webhook_outlived": (
        409,
        "停用期间的部分事实已超过保留期，无法补发：请重新读取各列表，并登记新的回调",
        "Some of what happened while it was disabled is no longer kept: read the lists anew and"
        " register another webhook",
    ),
    "replay_target": (
        422,
        "请给出 after（从该位置之后全部重发）或 event_id（只重发一条）之一",
        "Give either after, to be told again all that came after a position, or event_id, to be"
        " told one fact again",
    ),
    "replay_ahead": (
        409,
        "该回调目前只推送到位置 {position}，之后的内容会按顺序送达：请给出更早的位置",
        "The webhook has been told up to position {position}, and what follows comes by itself:"
        " give an earlier position",
    ),
    "replay_too_far": (
        409,
        "一次最多从位置 {earliest} 之后重发：更早的内容请通过信息流读取",
        "One replay goes back to position {earliest} at most: read what came before from the feed",
    ),
    "event_unknown": (
        422,
        "该回调没有收到过这条事实，或其已不再保留：请从投递记录中选择",
        "The webhook is not told of such a fact, or it is no longer kept: choose one from its"
        " deliveries",
    ),
    "event_type_unknown": (422, "没有事件类型「{type}」", "There is no event type “{type}”"),
    "clock_not_demo": (
        403,
        "只有演示环境可以拨动时钟",
        "Only a demonstration may move its clock",
    ),
    "clock_target": (422, "请给出 to 或 at 之一", "Give either to or at"),
    "clock_too_far": (422, "演示时钟不能拨过 2099 年", "The clock ends with the year 2099"),
    "clock_backwards": (409, "时钟不能往回拨", "The clock never goes back"),
}  # fmt: skip
