"""Refusals of the gateway: at the HTTP edge, and for parties, people and access."""

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
    # parties and people
    "credit_code_invalid": (
        422,
        "统一社会信用代码不正确",
        "The unified social credit code is not valid",
    ),
    "credit_code_missing": (
        409,
        "没有统一社会信用代码的机构不能核验",
        "An organisation without a credit code cannot be verified",
    ),
    "credit_code_taken": (
        409,
        "该统一社会信用代码已登记",
        "This unified social credit code is registered already",
    ),
    "organisation_known": (
        409,
        "该统一社会信用代码已登记：请联系贵机构的管理员邀请您；无人可联系时，请联系平台运营",
        "An organisation with this credit code is registered: ask its administrator to invite you,"
        " or the operator where nobody can be reached",
    ),
    "joining_full": (
        503,
        "当前等待审核的入驻申请过多，请 1 小时后再提交；您填写的内容不会丢失",
        "Too many applications for membership are waiting: send this again in an hour",
    ),
    "documents_missing": (
        409,
        "请上传营业执照（类别选“营业执照”）后再提交；逾期已清除的文件请移除后重新上传",
        "Add the business licence, as a document of that kind, before handing it in; a document"
        " whose content was cleared meanwhile is removed and added again",
    ),
    "document_known": (
        409,
        "同一份文件已上传，无需重复上传",
        "The very same file is there already; it need not be added again",
    ),
    "document_type_unknown": (
        422,
        "只接受 PDF、PNG 或 JPEG 文件：请另存为其中一种后再上传",
        "Only PDF, PNG and JPEG are taken: save the file as one of them",
    ),
    "document_under_review": (
        409,
        "申请审核期间不能移除文件，但可以补充上传",
        "While the application is being checked documents may be added, none removed",
    ),
    "role_not_of_party": (
        422,
        "职责「{role}」与该机构的身份不符",
        "The duty “{role}” does not belong to this organisation",
    ),
    "first_person_only": (
        403,
        "平台只带入机构的第一个人，并且仅在该机构没有有效密钥、也无人能登录时添加；其他人由该机构自己添加和邀请",
        "The operator brings in the first person of an organisation alone, and adds one only where"
        " no key lives and nobody can sign in; its own people add and invite the others",
    ),
    "four_eyes": (
        403,
        "经办与复核必须分开：不能由一人兼任，您本人或经手添加您的人属于其中一方的，也不能为自己或对方做此操作；"
        "机构的第一个人须为两方之外的职责（如采购员或系统）",
        "Maker and checker stay apart: never one person as both, and not for yourself or the other"
        " half where you, or those who brought you in, are one half. Begin an organisation with a"
        " person who holds neither half, such as a purchaser or a system",
    ),
    "duty_beyond": (
        403,
        "您只能添加职责不超出您本人的人员并向其交付密钥；其他人员由机构的第一个人（平台添加的）添加",
        "You bring in people with your own duties or lesser ones, and hand keys to no others; the"
        " first person of the organisation, whom the operator added, brings in the rest",
    ),
    "user_unknown": (422, "该机构没有这个人", "The organisation has no such person"),
    "contract_unknown": (422, "该机构没有这份合同", "The organisation has no such contract"),
    # keys
    "person_has_key": (
        409,
        "此人已领过密钥或已能登录，新密钥只能由本人签发；唯一的密钥丢失且不能登录时，请邀请其登录",
        "This person has had a key or can sign in, and issues further ones; invite who has lost the"
        " only one and cannot sign in",
    ),
    "only_key": (
        409,
        "这是此人唯一的有效密钥，只能由本人或平台运营吊销",
        "The person's only live key: they themselves or the platform's operator revoke it",
    ),
    "scope_not_allowed": (
        422,
        "权限「{scope}」超出此人职责或当前密钥",
        "The scope “{scope}” exceeds the person's duties or the key in hand",
    ),
    "signing_key_invalid": (
        422,
        "不是可用于签名的 Ed25519 公钥（base64，32 字节，规范编码，非低阶点）",
        "Not an Ed25519 public key to sign with (base64, 32 bytes, canonical, not of small order)",
    ),
    "signing_key_taken": (
        409,
        "该公钥已登记：一把公钥只能属于一个人",
        "This public key is registered already; a key belongs to one person",
    ),
    "person_left": (
        409,
        "此人已离任：由他人接替时请新增人员",
        "This person has left: whoever takes over is added as a person of their own",
    ),
    "seat_beyond": (
        403,
        "只能由机构的第一个人或平台运营办理；签名密钥也可由本人吊销",
        "The first person of the organisation or the operator does this; who holds a signing key"
        " revokes it too",
    ),
    "not_oneself": (
        409,
        "不能为自己办理离任：请由机构的第一个人或平台运营办理",
        "Nobody lets themselves go: the first person of the organisation or the operator does",
    ),
    "too_many_people": (
        409,
        "贵机构已有 {limit} 人，达到上限：请先为已离开的人办理离任，再添加",
        "Your organisation has {limit} people, as many as there may be: let go who has left, then"
        " add others",
    ),
    "too_many_keys": (
        409,
        "此人已有 {limit} 把有效密钥，达到上限：请先撤销不再使用的密钥，再签发",
        "This person has {limit} live keys, as many as there may be: revoke those that nobody uses,"
        " then issue another",
    ),
    "self_only": (403, "只能由本人操作", "Only the person may do this for themselves"),
    "too_many": (409, "数量已达上限 {limit}", "The limit of {limit} is reached"),
    # signing in
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
