"""What went wrong, by the name of its class: key → (zh, en)."""

BROKER_WAYS = (
    "三种办法：\n"
    "  1. 设置 AMQP_URI，指向已有的 RabbitMQ，如 amqp://用户:密码@主机:5672/vhost\n"
    "  2. 自行安装 RabbitMQ（程序 rabbitmq-server 与 epmd 在 PATH 中即可，无需启动）\n"
    "  3. 在 Debian/Ubuntu 上以 root 且可联网时运行 make setup，会自动安装",
    "Three ways:\n"
    "  1. set AMQP_URI to a RabbitMQ you have, e.g. amqp://user:password@host:5672/vhost\n"
    "  2. install RabbitMQ yourself (rabbitmq-server and epmd on PATH; no need to start it)\n"
    "  3. on Debian/Ubuntu run `make setup` as root with a network: it is installed for you",
)
TEXTS: dict[str, tuple[str, str]] = {
    "CannotEvaluate": ("评测数据无法读取：{detail}", "The data cannot be read: {detail}"),
    "NothingSince": (
        "自 {detail} 起没有可评判的招标（需有名单中的入围供应商）",
        "No tender from {detail} on can be judged: none has a ranked supplier that is listed",
    ),
    "NothingBefore": (
        "{detail} 之前没有可供基线学习的招标。提前数据或改晚分界日，或去掉 --baseline",
        "No tender before {detail} teaches the baseline anything. Choose a later split, or leave "
        "--baseline out",
    ),
    "WaitedInVain": ("等待超时：{detail}", "Waited in vain for {detail}"),
    "CannotCheck": ("无法核对：{detail}", "The check cannot be made: {detail}"),
    "NoRealData": ("真实数据无法读取：{detail}", "The real data cannot be read: {detail}"),
    "NoReport": ("核对没有给出结果：{detail}", "The check gave no report: {detail}"),
    "ServersInUse": (
        "{detail} 所指的服务器上已有平台或数据，演示只能使用空的数据库与虚拟主机。"
        "取消这些环境变量（演示会自备服务器），或改为指向空的",
        "What {detail} names holds a platform or data already, and a demonstration needs empty "
        "databases and an empty virtual host. Unset them (it then brings its own servers), or "
        "name empty ones",
    ),
    "operator-known": (
        "这些数据库里已有运营方，其密钥只显示过一次，本机没有保存",
        "these databases have one already, whose key was shown once and is not kept here",
    ),
    "PermissionError": (
        "无权访问 {detail}：多半属于另一个用户。请以该用户运行，或用 --state 另选目录",
        "No access to {detail}: it belongs to another user, most likely. Run as that user, or "
        "choose another folder with --state",
    ),
    "AlreadyRunning": (
        "该状态目录已有平台在运行：{detail}。先运行 sails stop --state {detail}",
        "A platform runs in this state folder: {detail}. First `sails stop --state {detail}`",
    ),
    "NoOperator": ("无法建立运营方：{detail}", "The operator could not be made: {detail}"),
    "NotInvited": ("没有得到邀请码：{detail}", "There is no code: {detail}"),
    "ClockRefused": ("时钟未拨动：{detail}", "The clock did not move: {detail}"),
    "Unclean": ("核对未通过：\n{detail}", "The check did not pass:\n{detail}"),
    "BrokerAway": ("消息代理没有响应：{detail}", "The broker does not answer: {detail}"),
    "NoSuchService": ("没有这个服务：{detail}", "There is no service {detail}"),
    "NoSuchLetter": ("没有这条死信：{detail}", "There is no dead letter {detail}"),
    "NoAccount": (
        "以 root 运行时，服务器需要一个无特权的系统账户，但无法创建“{detail}”。"
        "请安装 passwd 软件包（useradd），或改用普通用户运行",
        "Run as root, the servers need an unprivileged system account, and “{detail}” could not be "
        "made. Install the package passwd (useradd), or run as an ordinary user",
    ),
    "BuildFailed": (
        "门户没有构建成功。需要联网安装依赖；处理后再运行 make portal：\n{detail}",
        "The portal was not built. Its packages need a network; then run `make portal` again:\n"
        "{detail}",
    ),
    "InstallFailed": (
        "安装消息代理失败：\n{detail}\n" + BROKER_WAYS[0],
        "Installing the broker failed:\n{detail}\n" + BROKER_WAYS[1],
    ),
    "NoBroker": (
        "没有消息代理（缺 {detail}）。" + BROKER_WAYS[0],
        "There is no broker ({detail} is missing). " + BROKER_WAYS[1],
    ),
    "BrokerFailed": ("消息代理没有响应：{detail}", "The broker does not answer: {detail}"),
    "NoPostgres": (
        "没有可用的 PostgreSQL（需要 {detail}）。安装 postgresql 软件包，或运行 make setup，"
        "或设置 DATABASE_URL_ORDERS、_MATCHING、_FINANCE、_GATEWAY",
        "There is no usable PostgreSQL ({detail} is needed). Install the package postgresql, or "
        "run `make setup`, or set DATABASE_URL_ORDERS, _MATCHING, _FINANCE and _GATEWAY",
    ),
    "DatabaseFailed": ("数据库出错：{detail}", "The database failed: {detail}"),
    "NoPortFree": ("端口 {detail} 全被占用", "All of the ports {detail} are taken"),
    "NotRunning": ("没有运行：{detail}", "Not running: {detail}"),
    "NotReady": (
        "有进程未能就绪，已全部停止。请看日志：{detail}",
        "Some processes did not get ready, and everything was stopped. See the logs: {detail}",
    ),
    "TopologyFailed": ("声明队列失败：{detail}", "The queues were not declared: {detail}"),
    "TopologyDiffers": (
        "消息代理中已有其他版本声明的队列或交换机：{detail}。\n"
        "自带的消息代理：运行 sails stop --wipe（会删除全部数据）后再启动；"
        "自己的消息代理：待上述队列排空后停止服务，将其删除"
        "（rabbitmqctl -p VHOST delete_queue NAME），再运行 sails migrate",
        "The broker has a queue or exchange that another version declared: {detail}.\n"
        "With the private broker, run `sails stop --wipe` (it deletes all data) and start again. "
        "With your own, let the queue named above run empty, stop the services, delete it "
        "(rabbitmqctl -p VHOST delete_queue NAME) and run `sails migrate`",
    ),
    "MigrationFailed": ("数据库结构升级失败：{detail}", "The migration failed: {detail}"),
    "TimeoutError": ("等待超时：{detail}", "Waited too long: {detail}"),
}
