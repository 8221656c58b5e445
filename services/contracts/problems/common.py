"""Refusals that any service may give."""

CODES: dict[str, tuple[int, str, str]] = {
    "malformed_json": (400, "请求体不是有效的 JSON", "The body is not valid JSON"),
    "invalid": (422, "有字段不符合要求", "Some fields are not valid"),
    "not_found": (404, "找不到该对象", "There is no such object"),
    "forbidden": (403, "您没有执行此操作的权限", "You have no right to do this"),
    "illegal_move": (
        409,
        "当前状态「{state}」不允许操作「{verb}」",
        "The state “{state}” does not allow “{verb}”",
    ),
    "stale_version": (
        412,
        "内容已被更新（当前版本 {version}），请刷新后重试",
        "It has changed since (now version {version}); reload and try again",
    ),
    "version_required": (428, "缺少 If-Match 请求头", "The If-Match header is required"),
    "idempotency_key_required": (
        400,
        "缺少 Idempotency-Key 请求头",
        "The Idempotency-Key header is required",
    ),
    "idempotency_key_reused": (
        422,
        "同一个 Idempotency-Key 已用于本机构的另一个请求（内容不同，或由他人发出）：请换一个键",
        "This Idempotency-Key was used in your organisation for another request, or by somebody"
        " else: take another key",
    ),
    "in_flight": (
        409,
        "相同的请求正在处理中，请稍后重试",
        "The same request is being carried out; try again shortly",
    ),
    "too_late": (504, "服务未能及时处理请求，请用同一个 Idempotency-Key 重试",
                 "The service did not get to it in time; repeat it with the same Idempotency-Key"),
    "service_timeout": (504, "服务没有及时答复，请用同一个 Idempotency-Key 重试",
                        "The service did not answer in time; repeat it with the same key"),
    "not_heard_yet": (
        503,
        "有关信息刚刚更新，正在传递到办理该业务的服务，请稍后重试",
        "News of this is still on its way to the service concerned; try again in a moment",
    ),
    "unavailable": (503, "服务暂时不可用，请稍后重试", "Temporarily unavailable; try again soon"),
    "internal": (500, "内部错误，已记录", "An internal error; it has been recorded"),
    "in_the_past": (422, "日期不能早于今天", "The day lies in the past"),
    "party_unknown": (422, "该机构尚未在平台登记", "This organisation is not known here"),
    "party_unverified": (
        409,
        "该机构尚未通过核验，请先完成核验",
        "This organisation is not verified yet; complete its verification first",
    ),
    "signing_key_unknown": (
        422,
        "签名密钥未登记或不属于您本人",
        "The signing key is not registered, or not yours",
    ),
    "signing_key_revoked": (
        422,
        "签名密钥已吊销，不能再用于签名：请登记新的签名密钥，用它重新签名",
        "The signing key has been revoked and signs nothing any more: register another one and sign"
        " with that",
    ),
    "signature_invalid": (422, "签名验证失败", "The signature does not verify"),
}  # fmt: skip
