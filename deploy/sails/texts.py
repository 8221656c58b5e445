"""Every text that `sails` shows to a person, in zh-CN and en: key → (zh, en)."""

import os
from collections.abc import Mapping

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
    # What the command is about
    "app": ("千帆：本机运行与维护", "Thousand Sails: run and look after it on this machine"),
    "help-setup": (
        "准备本机：消息代理与数据库程序",
        "Prepare this machine: the broker and the database's programs",
    ),
    "help-run": (
        "启动全部（数据库、消息代理、服务），就绪后返回",
        "Start everything (database, broker, services) and return when it is ready",
    ),
    "help-stop": ("停止全部", "Stop everything"),
    "help-status": ("查看正在运行的进程与地址", "Show what runs, and where"),
    "help-doctor": ("检查环境，并说明下一步该做什么", "Check the machine, and say what to do next"),
    "help-migrate": (
        "把各服务的数据库升级到最新结构",
        "Bring every service's database to its newest structure",
    ),
    "help-json": ("只输出一行 JSON", "Print one line of JSON and nothing else"),
    "help-state": ("状态目录", "State folder"),
    "help-port": ("公共接口的首选端口", "Preferred port of the public API"),
    "help-demo-clock": (
        "允许 sails clock 拨快业务日期（仅供演示）",
        "Allow `sails clock` to move the business date (for demonstrations)",
    ),
    "help-replicas": (
        "每个服务运行几个副本；HTTP 进程至少两个",
        "How many of each service to run; of the HTTP processes at least two",
    ),
    "help-portal": (
        "构建门户；源文件或接口有变化时才重新构建",
        "Build the portal, when its sources or the API have changed",
    ),
    "help-wipe": ("同时删除数据库、队列与日志", "Also delete databases, queues and logs"),
    # Steps
    "step-broker": ("启动消息代理（首次会安装）", "Starting the broker (installed the first time)"),
    "step-database": ("启动数据库", "Starting the database"),
    "step-migrate": ("升级数据库结构", "Migrating the databases"),
    "step-broker-ready": ("等待消息代理就绪", "Waiting for the broker"),
    "step-topology": ("声明队列", "Declaring the queues"),
    "step-processes": ("启动服务并等待就绪", "Starting the services, waiting until they are ready"),
    "step-portal-packages": ("安装门户的依赖", "Installing the portal's packages"),
    "step-portal-build": ("构建门户", "Building the portal"),
    # Results
    "portal-built": ("门户已构建", "The portal is built"),
    "portal-fresh": ("门户已是最新", "The portal is up to date"),
    "first-login": (
        "平台运营首次登录或忘记密码：.venv/bin/sails invite",
        "The operator signs in for the first time, or has forgotten the password: "
        ".venv/bin/sails invite",
    ),
    "started": ("千帆已启动：{url}", "Thousand Sails is running: {url}"),
    "already-running": ("千帆已经在运行：{url}", "Thousand Sails is running already: {url}"),
    "logs": ("日志目录：{folder}", "Logs: {folder}"),
    "stopped": ("已全部停止", "Everything has stopped"),
    "nothing-to-stop": ("没有正在运行的进程", "Nothing was running"),
    "not-running": ("没有运行。用 make run 启动", "Not running. Start it with `make run`"),
    "migrated": ("已升级：{services}", "Migrated: {services}"),
    "setup-done": (
        "本机已就绪：PostgreSQL {postgres}，消息代理 {broker}",
        "This machine is ready: PostgreSQL {postgres}, broker {broker}",
    ),
    "column-process": ("进程", "Process"),
    "column-state": ("状态", "State"),
    "column-pid": ("进程号", "PID"),
    "column-restarts": ("重启次数", "Restarts"),
    "column-check": ("检查项", "Check"),
    "column-found": ("结果", "Found"),
    "column-advice": ("下一步", "Next step"),
    "given": ("由环境变量指定", "named by the environment"),
    # Commands on a running platform
    "help-demo": (
        "完整演示一笔交易：从需求到结清（最后一行是 JSON）",
        "Carry one deal from demand to settlement (the last line is JSON)",
    ),
    "help-data": ("真实数据的目录", "Folder of real data"),
    "help-seed": ("样例数据的随机种子", "Seed of the generated sample"),
    "help-keep": ("保留演示的数据与日志", "Keep the demonstration's data and logs"),
    "help-check": (
        "只读核对四个数据库与死信队列",
        "Check the four databases and the dead letters, read-only",
    ),
    "help-thread": ("同时报告这条业务线是否结清", "Also say whether this thread is settled"),
    "help-invite": (
        "给平台运营一个邀请码，用来设置登录名和密码",
        "A code by which the operator chooses login and password",
    ),
    "invited": (
        "邀请码（72 小时内有效，一次）：{code}\n打开 {url}/portal/activate#{code}，或发送 POST"
        " {url}/api/v1/session/activate（code、login、password）",
        "Code (once, within 72 hours): {code}\nOpen {url}/portal/activate#{code}, or"
        " POST {url}/api/v1/session/activate (code, login, password)",
    ),
    "help-clock": ("演示时钟", "The demonstration clock"),
    "help-clock-show": ("查看业务时间", "Show business time"),
    "help-clock-advance": ("把业务时间拨到某日 09:00", "Move business time to 09:00 of a day"),
    "help-to": ("日期（YYYY-MM-DD），不能往回拨", "Day (YYYY-MM-DD); never back"),
    "help-dlq": ("死信：查看、重放、丢弃", "Dead letters: look, replay, drop"),
    "help-dlq-list": ("各服务的死信数量", "How many each service has"),
    "help-dlq-show": ("查看某服务的死信及原因", "The dead letters of a service, and why"),
    "help-dlq-replay": ("放回原队列重新处理", "Send back to the queue they came from"),
    "help-dlq-drop": ("永久丢弃", "Drop for good"),
    "help-dlq-service": ("服务名", "Name of the service"),
    "help-dlq-id": ("只处理这一条", "Only this one"),
    "clock-now": ("业务时间 {now}（{today}）", "Business time {now} ({today})"),
    "clock-advanced": ("业务时间已到 {day} 09:00", "Business time is 09:00 of {day}"),
    "column-figure": ("指标", "Figure"),
    "column-count": ("数量", "Count"),
    "column-service": ("服务", "Service"),
    "column-id": ("编号", "Id"),
    "column-fact": ("事实", "Fact"),
    "column-queue": ("队列", "Queue"),
    "column-error": ("原因", "Error"),
    "thread-state": ("业务线：{state} {left}", "Thread: {state} {left}"),
    "check-holds": ("全部成立", "Everything holds"),
    "check-broken": ("有不成立的项", "Some things do not hold"),
    "dlq-replayed": ("已重放 {count} 条", "Replayed: {count}"),
    "dlq-skipped": (
        "另有 {count} 条的队列已不存在，仍留在死信中（运行 sails migrate 可重建队列）",
        "{count} more have no queue any more and stay (`sails migrate` makes the queues anew)",
    ),
    "dlq-dropped": ("已丢弃 {count} 条", "Dropped: {count}"),
    # A file of supplies
    "help-import": (
        "导入供给文件（XLSX、CSV、JSON Lines），并跟踪到完成",
        "Import a file of supplies (XLSX, CSV, JSON Lines) and follow it to its end",
    ),
    "help-import-file": (
        "文件；模板见 GET /api/v1/imports/template",
        "The file; GET /api/v1/imports/template has a template",
    ),
    "help-import-key": (
        "供应商的 API 密钥：导入本机构的供给；不给则以运营方身份导入公开供给",
        "A supplier's API key: its own supplies. Without it the operator imports public ones",
    ),
    "help-import-url": (
        "另一平台的地址（与 --key 同用）",
        "Address of another platform (with --key)",
    ),
    "import-running": ("导入", "importing"),
    "import-done": (
        "{number}：共 {rows_total} 行，导入 {imported}，跳过 {skipped}，失败 {failed}",
        "{number}: {rows_total} rows, {imported} imported, {skipped} skipped, {failed} failed",
    ),
    "column-row": ("行", "Row"),
    "column-field": ("列", "Column"),
    "ImportRefused": ("文件未被接受：{detail}", "The file was not taken: {detail}"),
    "KeyMissing": (
        "导入到另一平台须给出该平台的密钥（--key）：{detail}",
        "Another platform takes a file only with a key of it (--key): {detail}",
    ),
    "UnknownFile": (
        "找不到文件，或不是 .xlsx、.csv、.jsonl：{detail}",
        "No such file, or not .xlsx, .csv or .jsonl: {detail}",
    ),
    "ImportStuck": (
        "导入 {detail} 长时间没有进展，它会在后台继续",
        "The import {detail} has not moved for long; it goes on by itself",
    ),
    # A measurement of matching
    "help-matching": ("匹配：评测、重拟合、重算", "Matching: measure, refit, replay"),
    "help-evaluate": (
        "用历史中标结果评测匹配（最后一行是 JSON）",
        "Measure matching by what tenders were awarded (the last line is JSON)",
    ),
    "help-evaluate-folder": (
        "含 suppliers.jsonl 与 tenders.jsonl 的目录",
        "Folder with suppliers.jsonl and tenders.jsonl",
    ),
    "help-split": (
        "分界日：此前的招标作为供应商业绩，自此日起的招标用于评判",
        "Day: tenders before it are the suppliers' track record, those from it on are judged",
    ),
    "help-baseline": (
        "并与五特征线性评分作配对比较",
        "Also compare, pair by pair, with a linear score of five features",
    ),
    "help-fit": (
        "按时间顺序由历史中标结果拟合新的权重，并在其后的月份上与现行权重配对比较",
        "Fit new weights on what tenders were awarded, in order of time, and compare them on later"
        " months",
    ),
    "help-until": (
        "截止日：此前的招标用于拟合，自此日起的招标用于比较",
        "Day: tenders before it are fitted on, those from it on are compared on",
    ),
    "help-write": (
        "把新权重追加到 weights.yaml（进程重启后生效）",
        "Append them to weights.yaml (processes take them when they start)",
    ),
    "fitted": (
        "在 {fitted} 个招标上拟合，在其后的 {judged} 个上比较",
        "Fitted on {fitted} tenders, compared on {judged} later ones",
    ),
    "column-present": ("现行权重", "Present weights"),
    "evaluate-fit": ("逐日学习", "learning day by day"),
    "help-replay": (
        "由存储的特征值与权重版本重算得分，核对是否一致",
        "Compute scores anew from the values and weights stored with them",
    ),
    "help-replay-newest": (
        "核对最新的多少个匹配与多少次排序",
        "So many of the newest matches, and of the newest rankings",
    ),
    "replay-agrees": ("全部一致", "All of them agree"),
    "replay-differs": ("{count} 个不一致", "{count} do not agree"),
    "evaluate-read": ("读取与建立索引", "reading and indexing"),
    "evaluate-judge": ("评判", "judging"),
    "evaluate-baseline": ("基线", "baseline"),
    "evaluated": (
        "{suppliers} 家供应商；{known} 个招标为业绩，{judged} 个招标用于评判",
        "{suppliers} suppliers; {known} tenders as track record, {judged} judged",
    ),
    "evaluate-skipped": ("未采用：{reasons}", "Left out: {reasons}"),
    "skip-supplier_without_id": ("供应商缺少编号", "suppliers without an id"),
    "skip-supplier_without_name": ("供应商缺少名称", "suppliers without a name"),
    "skip-supplier_twice": ("供应商编号重复", "suppliers whose id came before"),
    "skip-supplier_refused": ("供应商内容不合规", "suppliers that no import takes"),
    "skip-tender_without_id": ("招标缺少编号", "tenders without an id"),
    "skip-tender_without_name": ("招标缺少标题与内容", "tenders without title and scope"),
    "skip-tender_without_date": ("招标日期无法读取", "tenders without a readable date"),
    "skip-tender_twice": ("招标编号重复", "tenders whose id came before"),
    "skip-tender_refused": ("招标内容不合规", "tenders that no import takes"),
    "skip-tender_without_relevant": (
        "待评判的招标没有已知的入围供应商",
        "tenders to be judged without a ranked supplier that is known",
    ),
    "skip-bid_unreadable": ("投标无法读取", "bids that cannot be read"),
    "skip-bid_of_unknown_supplier": ("投标的供应商不在名单中", "bids of suppliers not listed"),
    "column-value": ("数值", "Value"),
    "column-interval": ("95% 区间", "95 % interval"),
    "column-baseline": ("基线", "Baseline"),
    "column-difference": ("差（本系统 − 基线）", "Difference (ours - baseline)"),
    "column-verdict": ("结论", "Verdict"),
    "verdict-better": ("优于基线", "better than the baseline"),
    "verdict-worse": ("劣于基线", "worse than the baseline"),
    "verdict-chance": ("差异在区间之内，不能认定", "within its interval: may be chance"),
    # Failures, by the name of their class
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
    # Checks of the doctor: the name, and what to do when it fails
    "check-python": ("Python 版本", "Python version"),
    "advise-python": (
        "需要 3.11–3.13，安装后删除 .venv 再运行 make setup",
        "3.11–3.13 is needed; install one, delete .venv, run `make setup`",
    ),
    "check-venv": ("依赖与锁文件一致", "Packages match the lock"),
    "advise-venv": ("运行 make setup", "Run `make setup`"),
    "check-database": ("数据库", "Database"),
    "advise-database": (
        "运行 make setup，或安装 PostgreSQL 15 以上，或设置 DATABASE_URL_*",
        "Run `make setup`, or install PostgreSQL 15 or later, or set DATABASE_URL_*",
    ),
    "check-broker": ("消息代理", "Broker"),
    "advise-broker": (
        "三种办法：设置 AMQP_URI；自行安装 rabbitmq-server；以 root 且可联网时运行 make setup",
        "Three ways: set AMQP_URI; install rabbitmq-server; `make setup` as root with a network",
    ),
    "check-port": ("公共接口端口", "Port of the public API"),
    "advise-port": (
        "不必处理：启动时会换用下一个空闲端口",
        "Nothing to do: the next free port is used",
    ),
    "check-public-url": ("公开网址", "Public address"),
    "advise-public-url": (
        "本机试用不必处理；对外服务时设置 SAILS_PUBLIC_URL=https://…，否则密码以明文传输",
        "Nothing to do on this machine alone; for others set SAILS_PUBLIC_URL=https://…, else"
        " passwords travel in the clear",
    ),
    "check-disk": ("磁盘空间", "Disk space"),
    "advise-disk": ("至少腾出 {needed} GB", "Make at least {needed} GB free"),
    "check-leftovers": ("残留进程", "Processes left over"),
    "advise-leftovers": ("运行 make stop", "Run `make stop`"),
    "installable": ("未安装，可以自动安装", "not installed, can be installed for you"),
    "not-installable": (
        "未安装，且不能自动安装（root：{root}，apt：{apt}）",
        "not installed, and cannot be installed for you (root: {root}, apt: {apt})",
    ),
    "missing": ("没有", "none"),
    "taken": ("{port} 被占用", "{port} is taken"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
}


def language(environ: Mapping[str, str] | None = None) -> str:
    """en when the first one set of SAILS_LANG, LC_ALL, LANG asks for English, else zh."""
    env = os.environ if environ is None else environ
    asked = env.get("SAILS_LANG") or env.get("LC_ALL") or env.get("LANG") or ""
    return "en" if asked.lower().startswith("en") else "zh"


def text(key: str, **values: object) -> str:
    """The text of this key in the caller's language."""
    chinese, english = TEXTS[key]
    return (english if language() == "en" else chinese).format(**values)
