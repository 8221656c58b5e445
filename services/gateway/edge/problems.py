"""A refusal as RFC 9457 `application/problem+json`, in the reader's language."""

from typing import Any

from werkzeug.datastructures import LanguageAccept
from werkzeug.wrappers import Response

from services.contracts.problems import Problem
from services.contracts.problems.field_messages import translate
from services.gateway.readmodel.rendering import to_text

MEDIA_TYPE = "application/problem+json"
CHINESE, ENGLISH = "zh-CN", "en"
DOCS = "/api/docs#"  # each code is explained there
# Titles are of the status: the same for every occurrence.
TITLES: dict[int, tuple[str, str]] = {
    400: ("请求有误", "Bad request"),
    401: ("未登录", "Not signed in"),
    403: ("没有权限", "Forbidden"),
    404: ("找不到", "Not found"),
    405: ("不支持的方法", "Method not allowed"),
    406: ("不支持的格式", "Not acceptable"),
    409: ("与当前状态冲突", "Conflict"),
    410: ("已不再保留", "Gone"),
    412: ("版本已过期", "Precondition failed"),
    413: ("内容过大", "Content too large"),
    414: ("地址过长", "URI too long"),
    415: ("不支持的内容类型", "Unsupported media type"),
    422: ("内容不符合要求", "Unprocessable content"),
    428: ("需要版本号", "Precondition required"),
    429: ("请求过于频繁", "Too many requests"),
    431: ("请求头过大", "Request header fields too large"),
    500: ("内部错误", "Internal error"),
    503: ("服务暂时不可用", "Service unavailable"),
    504: ("服务超时", "Gateway timeout"),
}
EXTENSIONS = ("resume_after",)  # members of their own, of the parameters of a problem
# Seconds after which the same request may well succeed, where the problem itself does not say.
RETRY_AFTER_S = {503: 1, 504: 1, 429: 1}


def language_of(accepted: LanguageAccept) -> str:
    """zh-CN unless the reader prefers English."""
    best = accepted.best_match(("zh-CN", "zh", "en"), default=CHINESE)
    return ENGLISH if best == "en" else CHINESE


def document(problem: Problem, language: str, request_id: str) -> dict[str, Any]:
    """The body of the answer; `errors` point at the fields (RFC 6901)."""
    detail = problem.text(language)
    errors = problem.errors
    if not errors and problem.pointer:
        errors = [{"pointer": problem.pointer, "message": detail}]
    more = {name: problem.params[name] for name in EXTENSIONS if name in problem.params}
    return {
        "type": DOCS + problem.code,
        "title": TITLES[problem.status][language == ENGLISH],
        "status": problem.status,
        "detail": detail,
        "instance": f"urn:uuid:{request_id}",
        "code": problem.code,
        "errors": [
            {"pointer": error["pointer"], "message": translate(error["message"], language)}
            for error in errors
        ],
    } | more


def answer(problem: Problem, language: str, request_id: str) -> Response:
    """The whole of it, as HTTP."""
    text = to_text(document(problem, language, request_id))
    return Response(
        text.encode(errors="replace"),  # it may repeat what the caller sent, surrogates too
        problem.status,
        headers(problem, language),
        mimetype=MEDIA_TYPE,
    )


def headers(problem: Problem, language: str) -> dict[str, str]:
    """What goes with it."""
    found = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    if problem.status in RETRY_AFTER_S:
        known = RETRY_AFTER_S[problem.status]
        found["Retry-After"] = str(problem.params.get("retry_after_s", known))
    if problem.status == 401:
        error = ', error="invalid_token"' if problem.code == "key_invalid" else ""
        found["WWW-Authenticate"] = f'Bearer realm="thousand-sails"{error}'
    if "allow" in problem.params:
        found["Allow"] = problem.params["allow"]
    return found
