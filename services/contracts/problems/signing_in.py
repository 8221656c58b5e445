"""Refusals of who comes in: by a password, an invitation or a provider."""

CODES: dict[str, tuple[int, str, str]] = {
    "credentials_wrong": (
        401,
        "登录名或密码不正确。请检查后重试；忘记密码时，请本机构最先开通账号的同事重新发给您邀请码；最先开通的就是您，或无人可联系时，请联系平台运营机构",
        "Login or password are wrong. Check both; if you have forgotten them, have the first person"
        " of your organisation (its first person: the operator) invite you again",
    ),
    "locked_out": (
        429,
        "失败次数过多，请在 {retry_after_s} 秒后重试；已打开的登录不受影响",
        "Too many failures; try again in {retry_after_s} s. Sessions that are open go on",
    ),
    "csrf_invalid": (
        403,
        "请求不是来自本平台的页面，或 X-CSRF-Token 不符：请重新载入页面后再试",
        "Not from a page of this platform, or with another X-CSRF-Token: reload and try again",
    ),
    "login_taken": (
        409,
        "该登录名已被使用，请换一个",
        "This login is taken; choose another one",
    ),
    "invitation_invalid": (
        422,
        "邀请码不正确、已使用、已被新邀请取代或已超过 72 小时：请让邀请您的人重新邀请",
        "The code is not valid: wrong, used, replaced by a newer one, or older than 72 hours. Ask"
        " whoever invited you for another",
    ),
    "invitation_beyond": (
        403,
        "此人已能登录或已有密钥：只能由本人或机构的第一个人重新邀请，第一个人也可由平台运营重新邀请",
        "This person can sign in or has a key already: only they themselves or the first person of"
        " the organisation invite them again, and the operator a first person",
    ),
    "oidc_refused": (
        503,
        "单位账号的登录服务没有给出可信的答复，请重试；仍不成功时请用密码登录，并告知平台运营",
        "The sign-in provider gave no answer that can be trusted: try again, or sign in by your"
        " password and tell the operator",
    ),
    "oidc_expired": (
        422,
        "本次单位账号登录已失效，请重新开始",
        "This attempt to sign in is over: begin anew",
    ),
    "oidc_unknown": (
        403,
        "该单位账号还没有连接到平台的人员：请先用密码登录，再在账号页连接",
        "This identity is not connected to anybody here: sign in by your password and connect it on"
        " your account's page",
    ),
    "oidc_taken": (
        409,
        "该单位账号已连接到另一个人",
        "This identity is connected to another person",
    ),
    "old_password_wrong": (
        422,
        "原密码不正确，请重新输入",
        "The present password is wrong; enter it again",
    ),
    "password_short": (
        422,
        "密码至少 {least} 个字符，请加长",
        "A password has at least {least} characters; make it longer",
    ),
    "password_common": (
        422,
        "该密码过于常见，容易被猜中，请换一个",
        "This password is among the first that are guessed; choose another one",
    ),
    "password_is_login": (
        422,
        "密码不能与登录名相同，请换一个",
        "The password must not be the login; choose another one",
    ),
}  # fmt: skip
