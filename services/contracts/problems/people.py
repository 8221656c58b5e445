"""Refusals for organisations, their people and what these hold."""

CODES: dict[str, tuple[int, str, str]] = {
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
}  # fmt: skip
