"""Why a notice went to whom, and why something was refused or ended: closed lists, in zh and en.

Facts carry codes; documents have the words beside them, put there where somebody is shown one.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import post_load

from services.contracts.fields import Arguments, Code, Text

Words = Mapping[str, tuple[str, str]]

# Why a match was told to its supplier. Its rank and score are those of the score in any case.
ALLOTTED: Words = {
    "score": ("按得分推送", "by its score"),
    "exposure": (
        "近期多次入选的供方让位后递补",
        "suppliers that stood in many lists of late made room",
    ),
    "unseen": (
        "为近期未入选任何清单的供方预留的名额",
        "a place kept for suppliers that no list of late has shown",
    ),
    "programme": ("由批量统筹分配", "by the allocation over many demands at once"),
}
# Why one of the next best was not told.
WITHHELD: Words = {
    "exposure_demand_full": ("该需求的推送名额已满", "the demand's notices are used up"),
    "exposure_supplier_full": (
        "该供方未回应的推送已达上限",
        "the supplier has too many notices that it has not answered",
    ),
    "exposure_supplier_listed": ("该供方已获推送", "its supplier has been told already"),
    "exposure_often_listed": (
        "该供方近期多次入选，本次让位于其他供方",
        "its supplier stood in many lists of late and made room for others",
    ),
    "exposure_place_kept": (
        "名额留给了近期未入选任何清单的供方",
        "the place was kept for a supplier that no list of late has shown",
    ),
}
DECLINED: Words = {
    "no_capacity": ("产能不足", "no free capacity"),
    "delivery_too_short": ("交期过紧", "not in so short a time"),
    "budget_too_low": ("预算过低", "not within the budget"),
    "not_our_field": ("不属于我方业务", "not what we do"),
    "qualification_missing": ("缺少所需资质", "a required qualification is missing"),
    "region_not_served": ("不服务该地区", "the region is not served"),
    "quantity_unfit": ("数量过大或过小", "too much or too little for us"),
    "terms_unacceptable": ("付款条件不可接受", "the payment terms are not acceptable"),
    "buyer_unsuitable": ("暂不与该需方合作", "not with this buyer"),
    "other": ("其他", "another reason"),
}

# Why a buyer gives up a demand, a party will not sign a contract, a buyer rejects a delivery, a
# debtor refuses a claim. Programs send these codes, too: whoever reads why reads it in words.
DEMAND_CANCELLED: Words = {
    "no_need": ("不再需要", "no longer needed"),
    "no_budget": ("预算取消", "no budget"),
    "terms_changed": ("条件有重大变化", "the conditions changed"),
    "bought_elsewhere": ("已通过其他渠道采购", "bought elsewhere"),
    "error": ("发布有误", "published in error"),
    "other": ("其他", "another reason"),
}
CONTRACT_DECLINED: Words = {
    "terms_unacceptable": ("付款条件不可接受", "the payment terms are not acceptable"),
    "price_changed": ("价格条件已变化", "the price no longer holds"),
    "cannot_deliver": ("无法按期交付", "cannot deliver in time"),
    "need_gone": ("采购需求已取消", "the need is gone"),
    "text_wrong": ("合同内容与约定不符", "the text is not what was agreed"),
    "other": ("其他", "another reason"),
}
DELIVERY_REJECTED: Words = {
    "quality": ("质量不合格", "the quality does not conform"),
    "quantity": ("数量不符", "the quantity differs"),
    "specification": ("规格型号不符", "not the specification that was ordered"),
    "damaged": ("货物破损", "damaged on arrival"),
    "goods_papers_missing": ("随货资料不全", "papers of the goods are missing"),
    "not_received": ("未收到货物", "nothing has arrived"),
    "other": ("其他", "another reason"),
}
CONFIRMATION_REFUSED: Words = {
    "amount_differs": ("金额与我方账面不符", "the amount is not what our books say"),
    "invoice_wrong": ("发票信息有误", "the invoice is wrong"),
    "invoice_not_received": ("未收到发票", "the invoice has not arrived"),
    "not_accepted": ("货物或服务尚未验收", "not accepted yet"),
    "quality_dispute": ("存在质量争议", "the quality is disputed"),
    "paid_already": ("已付款", "paid already"),
    "set_off": ("存在可抵销的债务", "there is a debt to be set off"),
    "not_ours": ("非我方债务", "not our debt"),
    "other": ("其他", "another reason"),
}
SUPPLY_REJECTED: Words = {
    "evidence_missing": ("证明材料不全", "evidence is missing"),
    "evidence_unclear": ("证明材料看不清或已过期", "the evidence is unreadable or out of date"),
    "not_as_described": ("内容与证明不符", "it is not what the evidence shows"),
    "out_of_scope": ("不属于本平台范围", "not within the platform's scope"),
    "other": ("其他", "another reason"),
}
PARTY_REFUSED: Words = {
    "documents_missing": ("证明文件不全", "documents are missing"),
    "documents_unclear": ("文件看不清或已过期", "a document is unreadable or out of date"),
    "name_differs": ("机构名称与证照不一致", "the name is not that of the licence"),
    "code_differs": ("信用代码与证照不一致", "the credit code is not that of the licence"),
    "kind_unfit": ("机构身份选择有误", "not this kind of organisation"),
    "person_unproved": (
        "未证明申请人可代表该机构",
        "nothing shows that the person acts for the organisation",
    ),
    "not_eligible": ("不符合入驻条件", "the organisation cannot join"),
    "other": ("其他", "another reason"),
}
CLAIM_REJECTED: Words = {
    "invoice_invalid": ("发票无效或已作废", "the invoice is void"),
    "duplicate": ("与其他应收账款重复", "another receivable claims the same"),
    "amount_unfounded": ("金额与合同或发票不符", "the amount is not that of contract or invoice"),
    "papers_missing": ("资料不全", "papers are missing"),
    "other": ("其他", "another reason"),
}


# Why a bank makes no offer.
SCREENED_OUT: Words = {
    "debtor_limit_exhausted": ("对债务人的授信额度不足", "the limit for the debtor is exhausted"),
    "debtor_not_accepted": ("债务人不在准入范围", "the debtor is outside our acceptance criteria"),
    "borrower_not_accepted": ("申请人不符合准入条件", "the applicant does not qualify"),
    "industry_not_accepted": ("行业不在支持范围", "the industry is outside our scope"),
    "amount_below_minimum": ("金额低于产品下限", "the amount is below our minimum"),
    "amount_above_maximum": ("金额高于产品上限", "the amount is above our maximum"),
    "term_too_long": ("期限超过产品上限", "the tenor exceeds our maximum"),
    "already_due": ("应收账款已到期", "the receivable is already due"),
    "papers_missing": ("资料不全", "papers are missing"),
    "security_insufficient": ("担保措施不足", "the security is not sufficient"),
    "prior_claims": ("存在在先权利", "others have prior-ranking claims"),
    "system_failure": ("系统故障，未能报价", "a failure of our system"),
    "other": ("其他", "another reason"),
}
# Why a bank's second person does not grant a limit or its change, and why it ends one.
LIMIT_REJECTED: Words = {
    "amount_wrong": ("金额有误", "the amount is wrong"),
    "subject_wrong": ("对象有误", "the subject is wrong"),
    "not_granted": ("未经有权审批机构批准", "not sanctioned by the credit authority"),
    "papers_missing": ("资料不全", "papers are missing"),
    "other": ("其他", "another reason"),
}
# Why a bank's second person sends an offer back: seen by the bank's own people alone.
OFFER_REJECTED: Words = {
    "amount_wrong": ("金额有误", "the amount is wrong"),
    "rate_unfit": ("利率或费用不妥", "the rate or the fee does not suit"),
    "conditions_unfit": ("有效期或放款时限不妥", "its validity or time to pay out does not suit"),
    "product_unfit": ("所用产品不合适", "another product suits"),
    "risk_too_high": ("风险过高", "the risk is too high"),
    "papers_missing": ("资料不全", "papers are missing"),
    "other": ("其他", "another reason"),
}
LIMIT_ENDED: Words = {
    "credit_worse": ("信用状况下降", "its credit standing has deteriorated"),
    "limit_expired": ("授信到期", "the credit line has expired"),
    "business_ended": ("停止该类业务", "we have discontinued this business"),
    "replaced": ("由其他额度替代", "replaced by another limit"),
    "other": ("其他", "another reason"),
}


class Reason(Arguments):
    """A code of the list of its command, beside it free words; blanks alone are none."""

    note = Text(500, blank=True, load_default=None, allow_none=True)

    @post_load
    def _say_nothing(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"note": data["note"] or None}


class MatchDeclined(Reason):
    """Why the supplier will not quote."""

    reason_code = Code(*DECLINED, required=True)


class DemandCancelled(Reason):
    """Why the buyer gives up the demand."""

    reason_code = Code(*DEMAND_CANCELLED, required=True)


class ContractDeclined(Reason):
    """Why the party will not sign."""

    reason_code = Code(*CONTRACT_DECLINED, required=True)


class DeliveryRejected(Reason):
    """Why the buyer does not accept what came."""

    reason_code = Code(*DELIVERY_REJECTED, required=True)


class SupplyRejected(Reason):
    """Why the operator does not verify the supply."""

    reason_code = Code(*SUPPLY_REJECTED, required=True)


class ClaimRejected(Reason):
    """Why the claim does not stand as it was entered."""

    reason_code = Code(*CLAIM_REJECTED, required=True)


class ConfirmationRefused(Reason):
    """Why the debtor does not confirm the claim."""

    reason_code = Code(*CONFIRMATION_REFUSED, required=True)


class LimitRejected(Reason):
    """Why the limit is not granted, or not changed."""

    reason_code = Code(*LIMIT_REJECTED, required=True)


class OfferRejected(Reason):
    """Why the bank's second person does not approve the offer as it was prepared."""

    reason_code = Code(*OFFER_REJECTED, required=True)


class LimitEnded(Reason):
    """Why nothing more is to be reserved."""

    reason_code = Code(*LIMIT_ENDED, required=True)


class PartyRefused(Reason):
    """Why an organisation is not let in yet, or not at all."""

    reason_code = Code(*PARTY_REFUSED, required=True)


def in_words(document: Mapping[str, Any]) -> dict[str, str]:
    """What is added to a match's document; nothing for codes of a release to come."""
    declined = document.get("reason_code") if document.get("state") == "declined" else None
    allotted = _named("allotted", document.get("allotted"), ALLOTTED)
    return allotted | _named("reason", declined, DECLINED)


def _named(name: str, code: str | None, words: Words) -> dict[str, str]:
    if code is None or code not in words:
        return {}
    zh, en = words[code]
    return {f"{name}_zh": zh, f"{name}_en": en}
