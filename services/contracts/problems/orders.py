"""Refusals of orders."""

CODES: dict[str, tuple[int, str, str]] = {
    "challenge_needs_buyer": (
        403,
        "只有采购方可以发布揭榜挂帅需求",
        "Only a buyer may publish a challenge",
    ),
    "quote_deadline_not_ahead": (
        422,
        "报价截止时间必须晚于当前时间",
        "The quote deadline must lie ahead",
    ),
    "published_in_future": (
        422,
        "公告的发布日期不得晚于今天",
        "The notice is said to be published after today",
    ),
    "terms_missing": (422, "请填写付款条件", "The payment terms are missing"),
    "terms_shares": (
        422,
        "各付款节点比例之和必须为100%",
        "The shares of the payment nodes must sum to 100 %",
    ),
    "demand_not_open": (
        409,
        "该需求当前不接受报价",
        "The demand does not take quotes now",
    ),
    "own_demand": (409, "不能对本机构发布的需求报价", "A buyer cannot quote on its own demand"),
    "quote_deadline_passed": (409, "报价截止时间已过", "The quote deadline has passed"),
    "quote_exists": (
        409,
        "贵机构对该需求已有有效报价，请改为替换报价",
        "You already have a live quote for this demand; replace it instead",
    ),
    "quote_validity_too_short": (
        422,
        "报价有效期不得早于报价截止日",
        "The quote must stay valid until after the deadline",
    ),
    "quote_unknown": (422, "该需求没有这份报价", "This demand has no such quote"),
    "quote_not_opened": (409, "该报价不在已开启状态", "The quote is not open for award"),
    "match_unknown": (422, "没有这条匹配记录", "There is no such match of yours with this demand"),
    "award_confirmation_passed": (
        409,
        "成交确认期限已过",
        "The time to confirm the award has passed",
    ),
    "terms_blocked": (
        409,
        "付款条件不符合规定，请先修订合同",
        "The rules object to the terms; revise the contract first",
    ),
    "contract_changed": (
        409,
        "合同内容与所签内容不一致，请刷新后重新签署",
        "The contract is not the one that was signed; reload and sign again",
    ),
    "signing_window_passed": (409, "签署期限已过", "The time to sign has passed"),
    "already_signed": (409, "贵机构已签署", "Your organisation has signed already"),
    "contract_not_active": (409, "合同尚未生效或已结束", "The contract is not in force"),
    "over_delivery": (
        409,
        "交付金额超出合同剩余金额（剩余 {left_fen} 分）",
        "More than what is left of the contract ({left_fen} fen)",
    ),
    "accepted_over_delivered": (
        422,
        "验收金额不得超过交付金额",
        "No more can be accepted than was delivered",
    ),
    "debt_confirmed": (
        409,
        "贵单位已对这批交付的应付款确权，不能再拒收或只验收一部分；请全部验收，质量问题与供应商另行协商换货、折让或赔偿",
        "Your organisation has confirmed that it owes this delivery, so it can no longer be "
        "rejected or accepted in part; accept it, and settle with the supplier what is wrong: "
        "a replacement, a rebate or damages",
    ),
    "payment_over_payable": (
        422,
        "付款金额超过未付金额（{left_fen} 分）",
        "More than what is still owed ({left_fen} fen)",
    ),
    "payment_in_future": (422, "付款日期不得晚于今天", "The payment lies in the future"),
    "payment_before_contract": (
        422,
        "付款日期不得早于合同签署日",
        "The payment lies before the contract was signed",
    ),
    "payment_reference_used": (
        409,
        "该付款凭证号已登记",
        "A payment with this reference is recorded already",
    ),
    "payment_reported_already": (
        409,
        "该付款凭证号已告知收款方",
        "The payee has been told of a payment with this reference",
    ),
    "payment_reports_over_payable": (
        422,
        "超过未付金额减去待核对付款后的余额（{left_fen} 分）",
        "More than is owed beside the payments that wait to be checked ({left_fen} fen)",
    ),
    "payment_reports_too_many": (
        409,
        "本笔款项告知付款的次数已达上限，请直接与收款方核对",
        "No more payments can be reported on this payable; settle it with the payee directly",
    ),
}
