"""Refusals of finance."""

CODES: dict[str, tuple[int, str, str]] = {
    "not_a_debtor": (
        422,
        "该机构没有采购方身份，不能作为债务人",
        "This organisation is no buyer, so it cannot be a debtor",
    ),
    "same_person": (
        403,
        "经办与复核必须是不同的人",
        "The second person must be another one than the first",
    ),
    "not_a_bank": (403, "只有资金方可以执行此操作", "Only a bank may do this"),
    # receivables
    "contract_not_financeable": (
        409,
        "合同未生效或不是订单合同，不能录入应收账款",
        "The contract is not an active order contract; no claim can be entered on it",
    ),
    "payables_of_several_contracts": (
        422,
        "一笔应收账款只能对应同一合同的应付款项",
        "One claim covers payables of one contract only",
    ),
    "payable_not_running": (
        409,
        "应付款项尚未起算或已付清",
        "A payable is not running yet or has been paid",
    ),
    "payables_missing": (422, "请选择至少一笔应付款项", "Name at least one payable"),
    "payable_twice": (422, "同一笔应付款项只能列出一次", "The same payable is named twice"),
    "tax_over_total": (
        422,
        "发票税额必须小于价税合计",
        "The tax must be less than the invoice's total",
    ),
    "claim_over_payables": (
        422,
        "申报金额超过所选应付款项的未付金额",
        "More is claimed than the payables still owe",
    ),
    "claim_over_invoice": (422, "申报金额超过发票金额", "More is claimed than the invoice totals"),
    "invoice_differs": (
        409,
        "同一发票已以不同金额录入",
        "The same invoice was entered with another total",
    ),
    "invoice_claimed_before": (
        409,
        "发票金额已被其他应收账款占用",
        "The invoice is claimed by another receivable already",
    ),
    "payable_claimed_before": (
        409,
        "应付款项已被其他应收账款占用",
        "The payable is claimed by another receivable already",
    ),
    # confirmation
    "confirmed_over_claimed": (
        422,
        "确权金额不得超过申报金额",
        "No more can be confirmed than is claimed",
    ),
    "confirmed_over_payables": (
        409,
        "确权金额超过应付款项：有一部分未通过验收，已从中拆分；请按余下金额确权，或拒绝后由供应商更正",
        "More than the payables: a part that was not accepted was divided off; confirm what is "
        "left, or refuse, so that the supplier corrects the claim",
    ),
    "confirmation_changed": (
        409,
        "确权内容已变更，请重新查看后签署",
        "What is to be confirmed has changed; look again before signing",
    ),
    "mandate_missing": (
        403,
        "您没有对该供应商或合同确权的授权",
        "You have no mandate for this supplier or contract",
    ),
    "mandate_expired": (403, "您的确权授权已到期", "Your mandate has expired"),
    "mandate_too_small": (
        403,
        "金额超过您的确权授权额度",
        "The amount is above what your mandate covers",
    ),
    # authorisations and applications
    "recipient_not_a_bank": (
        422,
        "授权对象必须是已核验的资金方",
        "A recipient must be a verified bank",
    ),
    "recipients_missing": (422, "请指明至少一家被授权的资金方", "Name at least one recipient"),
    "items_missing": (422, "请指明至少一项授权数据", "Name at least one item that may be seen"),
    "shares_missing": (422, "请选择至少一笔应收账款", "Name at least one receivable"),
    "receivable_twice": (422, "同一笔应收账款只能列出一次", "The same receivable is named twice"),
    "reasons_missing": (422, "请给出至少一个婉拒理由", "Give at least one reason for declining"),
    "authorisation_over": (
        409,
        "授权已撤销或已到期",
        "The authorisation was revoked or has expired",
    ),
    "authorisation_too_narrow": (
        409,
        "授权未包含应收账款、合同与发票数据",
        "The authorisation does not cover receivable, contract and invoice",
    ),
    "receivable_not_confirmed": (
        409,
        "应收账款尚未确权、已付清，或其应付款项未在计期",
        "The receivable is not confirmed, has been paid, or its payables are not running",
    ),
    "not_enough_left": (
        409,
        "该应收账款的可融资余额不足",
        "Not that much of the receivable is left to finance",
    ),
    "offer_window_closed": (
        409,
        "报价已截止",
        "The offer window has closed",
    ),
    "selection_over": (409, "选择期已过", "The time to choose is over"),
    "sheet_not_opened": (
        403,
        "申请人尚未向贵行开放申请资料",
        "The applicant has not opened the application to you",
    ),
    "screened_out": (409, "贵行已婉拒该申请", "You have declined this application already"),
    # products, limits and offers
    "amount_range": (
        422,
        "产品下限不得高于上限",
        "The smallest amount is above the largest",
    ),
    "limit_subject_missing": (
        422,
        "该类额度须指明对象",
        "A limit of this scope names whom or what it is for",
    ),
    "total_without_subject": (
        422,
        "总额度不针对某一对象",
        "The total limit is for everything and names no subject",
    ),
    "product_retired": (409, "融资产品已停用", "The product is retired"),
    "term_too_long": (
        409,
        "融资期限超过产品上限",
        "The term is longer than the product allows",
    ),
    "term_over": (409, "应收账款已到期", "The claim is due already"),
    "amount_below_minimum": (
        409,
        "金额低于产品下限",
        "The amount is below the product's minimum",
    ),
    "amount_above_maximum": (
        409,
        "金额高于产品上限",
        "The amount is above the product's maximum",
    ),
    "amount_over_advance": (
        409,
        "金额超过融资比例",
        "The amount is above the advance rate",
    ),
    "application_cap_exceeded": (
        409,
        "超过单笔申请上限",
        "Above the most that one application may get",
    ),
    "debtor_limit_missing": (409, "未设置买方额度", "There is no limit for the debtor"),
    "total_limit_missing": (409, "未设置总额度", "There is no total limit"),
    "debtor_limit_exhausted": (409, "买方额度不足", "The debtor's limit is exhausted"),
    "group_limit_exhausted": (409, "集团额度不足", "The group's limit is exhausted"),
    "borrower_limit_exhausted": (409, "借款人额度不足", "The borrower's limit is exhausted"),
    "product_limit_exhausted": (409, "产品额度不足", "The product's limit is exhausted"),
    "total_limit_exhausted": (409, "总额度不足", "The total limit is exhausted"),
    "limit_exists": (
        409,
        "该对象已有额度，请在该额度上调整或恢复",
        "There is a limit for this subject already: change or reopen that one",
    ),
    "limit_exhausted": (409, "额度不足", "The limit is exhausted"),
    "limit_below_taken": (
        409,
        "新额度低于报价和贷款已占用的金额（含未开启的报价）。要停止新增，由审批人在额度页终止，已占用部分继续有效",
        "Offers and loans have taken more of the limit than that, unopened offers included. To stop"
        " new ones, an approver ends it on its page: what is taken runs on",
    ),
    "offer_exists": (
        409,
        "贵行对该申请已有报价，请先撤回",
        "You have an offer for this application; withdraw it first",
    ),
    "offer_validity": (
        422,
        "报价有效期须晚于收单截止，且不超过截止后 {max_days} 天",
        "An offer must be valid past the window, and at most {max_days} days",
    ),
    "offer_expired": (409, "报价已过有效期", "The offer is no longer valid"),
    "cost_out_of_range": (
        422,
        "综合融资成本超出合理范围",
        "The all-in cost is out of range",
    ),
    # securing, payout, repayment
    "filing_is_clear": (
        409,
        "登记查询结果已为无在先权利",
        "The filing has been found clear already",
    ),
    "filing_before_position": (
        422,
        "登记时间不能早于该融资份额的设立时间",
        "The filing lies before the position was made",
    ),
    "prior_claims_found": (
        409,
        "登记查询发现在先权利，尚未排除",
        "The search found prior claims that are not cleared",
    ),
    "instruction_unknown": (
        422,
        "该放款指令不属于此笔借款",
        "This loan was never instructed so",
    ),
    "payout_answered_differently": (
        409,
        "该放款指令已有不同的答复",
        "This instruction was answered differently before",
    ),
    "payment_deadline_over": (
        409,
        "放款期限已过",
        "The time to pay out is over",
    ),
    "payout_before_instruction": (
        422,
        "放款时间不能早于放款指令",
        "The payout lies before its instruction",
    ),
    "answer_in_future": (
        422,
        "时间不能晚于当前时间",
        "The time lies in the future",
    ),
    "repayment_reference_used": (
        409,
        "该银行流水号已用于另一笔还款",
        "This reference was used for another repayment",
    ),
    "repayment_debtor_missing": (
        422,
        "该笔借款有多个债务人，请指明由谁付款",
        "Several debtors secure this loan: say which one paid",
    ),
    "repayment_out_of_order": (
        422,
        "还款日期早于已入账的还款或放款日",
        "The repayment is earlier than the payout or one already applied",
    ),
    "opened_to_too_many": (
        409,
        "一份申请最多向 {most} 家银行开放",
        "An application opens to at most {most} banks",
    ),
}  # fmt: skip
