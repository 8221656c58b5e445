"""The names of facts as people say them, for the timeline."""

from deploy.sails.texts import language

KINDS = {
    "demand": "需求", "match": "匹配", "quote": "报价", "contract": "合同", "delivery": "交付",
    "payable": "应付款", "receivable": "应收账款", "application": "融资申请",
    "authorisation": "授权书", "position": "融资份额", "offer": "融资报价", "loan": "借款",
    "supply": "供给",
}  # fmt: skip
PASTS = {
    "created": "起草", "published": "发布", "amended": "变更", "closed": "关闭",
    "awarded": "定标", "award_confirmed": "确认成交", "award_lapsed": "成交失效",
    "capacity_checked": "产能已核", "contracted": "已签约", "fulfilled": "履行完毕",
    "unsuccessful": "流标", "reopened": "重新开放", "cancelled": "取消", "sent": "推送",
    "interested": "有意", "declined": "婉拒", "quoted": "已报价", "won": "成交", "lost": "落选",
    "expired": "过期", "withdrawn": "撤回", "sealed": "密封", "replaced": "替换",
    "invalidated": "失效", "opened": "开启", "accepted": "接受", "rejected": "退回",
    "drafted": "起草", "cleared": "规则检查通过", "blocked": "规则检查未过", "revised": "修订",
    "signing_started": "开始签署", "signed_by_party": "一方签署", "signed": "生效",
    "completed": "完成", "terminated": "终止", "shipped": "发货", "delivered": "到货",
    "part_accepted": "部分验收", "redelivered": "重新交付", "deemed_conforming": "视为合格",
    "inspection_overdue": "逾期未验", "scheduled": "排定", "running": "起算", "divided": "拆分",
    "due": "到期",
    "part_paid": "部分付款", "paid": "付清", "overdue": "逾期", "paid_late": "逾期付清",
    "payment_reported": "付款方称已付款",
    "entered": "录入", "checked": "核对", "duplicate_held": "疑似重复",
    "confirmation_requested": "请求确权", "reminded": "催办",
    "confirmation_overdue": "确权逾期", "prepared": "经办", "confirmed": "确权",
    "refused": "拒绝", "allocated": "占用", "settled": "结清", "granted": "授予",
    "revoked": "撤销", "held": "锁定", "committed": "承诺", "filed": "中登登记",
    "noticed": "通知到达", "acknowledged": "回执", "funded": "已融资", "short_paid": "余额退回",
    "releasing": "释放中", "released": "释放", "submitted": "提交", "screened_out": "婉拒",
    "offers_closed": "收单截止", "offer_chosen": "选定报价", "ready": "待放款",
    "disbursed": "放款", "reselecting": "重新选择", "visible": "开启", "lapsed": "失效",
    "instructed": "放款指令", "failed": "放款失败", "unknown": "结果待核",
    "activated": "上架", "archived": "下架", "recorded": "业绩更新", "refreshed": "更新",
    "reserved": "产能占用", "short": "产能不足", "used": "产能使用",
}  # fmt: skip
# Where the same past says another thing of another kind.
OWN = {
    "demand.closed": "报价截止", "application.closed": "结清", "delivery.accepted": "验收",
    "delivery.rejected": "拒收", "offer.fulfilled": "履行", "supply.confirmed": "核实",
    "supply.expired": "证据到期",
}  # fmt: skip


def fact(type_: str) -> str:
    """`demand.published.v1` as “需求 发布” or “demand published”."""
    name = type_.rpartition(".")[0]
    kind, _, past = name.partition(".")
    if language() == "en":
        return f"{kind} {past.replace('_', ' ')}"
    return f"{KINDS.get(kind, kind)} {OWN.get(name) or PASTS.get(past, past)}"
