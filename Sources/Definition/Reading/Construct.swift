import SourceText

/// A place of the language where keys stand: which keys, and what they are often taken for.
enum Construct: CaseIterable {
    case file, app, calendar, role, object, field, collection, split, rule, condition, stage, demotion, moves, assignment, nobody, automation, watch, action, scenario, stub, step, languages
    case approval, level
    case connector, auth, oauth2, basic, limits, call, lookUp, channel, receiving, inbound, verification, report, sending, sequence, decay

    /// As messages call it.
    var words: Words {
        switch self {
        case .file: Words(zh: "应用文件", en: "an app file")
        case .app: Words(zh: "`app`", en: "`app`")
        case .calendar: Words(zh: "日历", en: "a calendar")
        case .role: Words(zh: "角色", en: "a role")
        case .object: Words(zh: "对象", en: "an object")
        case .field: Words(zh: "字段", en: "a field")
        case .collection: Words(zh: "`as`", en: "`as`")
        case .split: Words(zh: "拆分步骤", en: "a split step")
        case .rule: Words(zh: "规则", en: "a rule")
        case .condition: Words(zh: "进入条件", en: "a condition")
        case .stage: Words(zh: "阶段", en: "a stage")
        case .demotion: Words(zh: "`demote`", en: "`demote`")
        case .moves: Words(zh: "`moves`", en: "`moves`")
        case .approval: Words(zh: "审批", en: "an approval")
        case .level: Words(zh: "审批级别", en: "a level")
        case .assignment: Words(zh: "分配规则", en: "an assignment")
        case .nobody: Words(zh: "`nobody`", en: "`nobody`")
        case .automation: Words(zh: "自动化", en: "an automation")
        case .watch: Words(zh: "计时规则", en: "a watch")
        case .action: Words(zh: "步骤", en: "a step")
        case .scenario: Words(zh: "测试", en: "a test")
        case .stub: Words(zh: "`stubs`", en: "`stubs`")
        case .step: Words(zh: "测试步骤", en: "a step")
        case .languages: Words(zh: "多语言文字", en: "a text in several languages")
        case .connector: Words(zh: "连接", en: "a connector")
        case .auth: Words(zh: "`auth`", en: "`auth`")
        case .oauth2: Words(zh: "`oauth2`", en: "`oauth2`")
        case .basic: Words(zh: "`basic`", en: "`basic`")
        case .limits: Words(zh: "`limits`", en: "`limits`")
        case .call: Words(zh: "调用", en: "a call")
        case .lookUp: Words(zh: "`look_up`", en: "`look_up`")
        case .channel: Words(zh: "渠道", en: "a channel")
        case .receiving: Words(zh: "`receives`", en: "`receives`")
        case .inbound: Words(zh: "外来消息", en: "an entry of `inbound`")
        case .verification: Words(zh: "`verify`", en: "`verify`")
        case .report: Words(zh: "报表", en: "a report")
        case .sending: Words(zh: "`send`", en: "`send`")
        case .sequence: Words(zh: "行为序列", en: "a sequence")
        case .decay: Words(zh: "热度", en: "a decay")
        }
    }

    /// The keys that may stand here, in the order of the documentation.
    var keys: [String] {
        switch self {
        case .file: ["app", "calendars", "roles", "choices", "objects", "approvals", "assignments", "automations", "watches", "sequences", "decays", "connectors", "channels", "inbound", "reports", "tests"]
        case .app: ["name", "label", "version", "language", "timezone", "currency", "calendar", "demo_day"]
        case .calendar: ["like", "week", "holidays", "workdays", "exceptions", "years"]
        case .role: ["label", "includes", "administers"]
        case .object: ["label", "group", "shows", "like", "fields", "rules"]
        case .field:
            [
                "type", "label", "required", "unique", "default", "clean", "options", "to", "as", "decimals", "currency", "region", "format",
                "stages", "moves", "formula", "points", "help", "group",
            ]
        case .collection: ["name", "label"]
        case .split: ["split", "into"]
        case .rule: ["must", "say", "if"]
        case .condition: ["must", "say", "if"]
        case .stage: ["label", "phase", "enter", "keep", "demote", "approval", "end", "help"]
        case .demotion: ["after", "unless", "to", "notify", "message"]
        case .moves: ["skip", "back", "from_any"]
        case .approval: ["label", "on", "if", "freeze", "changed", "levels", "reject", "allow", "self_approval"]
        case .level: ["label", "by", "need", "if", "within", "late", "same_person", "empty"]
        case .assignment: ["label", "on", "sets", "among", "prefer", "tie", "protect", "nobody"]
        case .nobody: ["queue", "notify", "message"]
        case .automation: ["label", "when", "if", "before", "do", "missed"]
        case .watch: ["label", "while", "after", "restart on", "pause while", "missed"]
        case .action: StepDefinition.verbs + ["with", "name", "field", "of", "via", "title", "message", "to", "as", "do", "then", "else", "within"]
        case .scenario: ["at", "given", "stubs", "steps"]
        case .stub: ["receipt"]
        case .step: ScenarioDefinition.Step.actions + ["as", "of", "with", "name", "body", "to", "from", "until", "comment"]
        case .languages: ["zh", "en"]
        case .connector:
            [
                "kind", "label", "url", "host", "port", "security", "from", "user", "password", "secret", "base", "auth", "limits", "allow_private", "calls",
            ]
        case .auth: AuthDefinition.ways + SignatureDefinition.keys
        case .oauth2: ["token_url", "client", "secret", "scope"]
        case .basic: ["user", "password"]
        case .limits: ["per_minute", "timeout", "at_once"]
        case .call: CallDefinition.Method.allCases.map(\.rawValue) + ["label", "send", "as", "headers", "ok", "receipt", "on_unknown", "look_up"]
        case .lookUp: ["get", "sent"]
        case .channel: ["label"] + ChannelDefinition.keysOfConnector + ChannelDefinition.keysOfLadder
        case .receiving: ["verify", "once", "from", "text", "field"]
        case .inbound: ["label", "verify", "once", "creates", "map"]
        case .verification: InboundDefinition.ways + SignatureDefinition.keys
        case .report: ["label", "from", "rows", "columns", "value", "show", "every", "send"]
        case .sending: ["to", "via", "title", "message"]
        case .sequence: ["label"] + EventsDefinition.keys + ["steps", "within", "unless", "late", "do"]
        case .decay: ["label"] + EventsDefinition.keys + ["add", "curve", "below"]
        }
    }

    /// Keys of the language that this version does not run, and therefore refuses.
    var later: [String] {
        switch self {
        case .file:
            [
                "policies", "syncs", "never", "tags", "knowledge", "dashboards", "checks",
            ]
        case .app: ["uses", "publish"]
        case .object: ["identity"]
        case .field: ["tiers"]
        case .action, .report, .sending, .sequence, .decay, .calendar, .role, .collection, .split, .rule, .condition, .stage, .step, .approval, .level, .demotion, .moves, .assignment, .nobody, .automation, .watch, .scenario, .stub, .languages: []
        case .connector, .auth, .oauth2, .basic, .limits, .call, .lookUp, .channel, .receiving, .inbound, .verification: []
        }
    }

    /// Keys that hold what other parts of the app refer to. They are read also under a wrong word, so that one slip is not told again
    /// wherever something in them is used.
    var carrying: Set<String> {
        switch self {
        case .file: ["app", "calendars", "roles", "choices", "objects", "connectors", "channels", "inbound", "reports"]
        case .object: ["fields", "rules"]
        case .field: ["type", "options", "to", "stages"]
        case .rule, .condition: ["must"]
        case .stage: ["enter"]
        case .scenario: ["given", "steps"]
        case .assignment: ["on", "sets", "among"]
        case .approval: ["on", "levels"]
        case .level: ["by"]
        case .automation: ["when", "do"]
        case .watch: ["while", "after"]
        case .connector: ["kind", "calls"]
        case .inbound: ["verify", "creates"]
        case .report: ["from", "value"]
        case .sequence: ["of", "by", "steps", "within", "do"]
        case .decay: ["of", "by", "add", "curve"]
        case .app, .calendar, .role, .collection, .split, .demotion, .moves, .nobody, .action, .step, .stub, .languages: []
        case .auth, .oauth2, .basic, .limits, .call, .lookUp, .channel, .receiving, .verification, .sending: []
        }
    }

    /// The word that was meant by `word`, which is no key of this place; nil if nothing is known of it.
    ///
    /// - Parameter present: Keys that stand beside it already. `condition` is `must` where there is none yet, else `if`.
    func rightWord(for word: String, beside present: Set<String> = []) -> String? {
        let folded = word.lowercased().replacing("-", with: "_").replacing(" ", with: "_")
        let known = keys + later
        if known.contains(folded) { return folded }
        let fitting = (Self.wrongWords[folded] ?? []).filter { known.contains($0) }
        let open = fitting.filter { !present.contains($0) }
        return open.first { carrying.contains($0) } ?? open.first ?? fitting.first
    }

    /// What is often written, and the words of ours that it may stand for; the first that fits the place is the right one.
    private static let wrongWords: [String: [String]] = [
        // What a file holds.
        "application": ["app"], "project": ["app"], "应用": ["app"],
        "role": ["roles"], "profiles": ["roles"], "groups": ["roles"], "角色": ["roles"],
        "enums": ["choices"], "enum": ["options", "choices"], "picklists": ["choices"], "choice": ["choices", "options"], "lists": ["choices"],
        "dictionaries": ["choices"],
        "object": ["objects"], "entities": ["objects"], "entity": ["objects"], "tables": ["objects"], "table": ["objects"], "models": ["objects"],
        "model": ["objects"], "collections": ["objects"], "modules": ["objects"], "对象": ["objects", "to"], "表": ["objects"],
        "test": ["tests"], "scenarios": ["tests"], "specs": ["tests"], "测试": ["tests"],
        "automation": ["automations"], "workflows": ["automations"], "workflow": ["automations"], "triggers": ["when", "automations"], "flows": ["automations"],
        "自动化": ["automations"],
        "trigger": ["when", "automations"], "sla": ["watches"], "slas": ["watches"], "watch": ["watches"], "timers": ["watches"],
        "timeout": ["within", "watches", "wait"], "reminders": ["watches"],
        "sequence": ["sequences"], "journeys": ["sequences"], "decay": ["decays"], "events": ["of", "steps"], "window": ["within"], "half_life": ["curve"],
        "permissions": ["policies"], "acl": ["policies"], "access": ["policies"], "权限": ["policies"], "approval": ["approvals", "approve"], "审批": ["approvals"],
        "webhooks": ["inbound"], "integrations": ["connectors"], "charts": ["reports"], "report": ["reports"], "报表": ["reports", "report"], "group_by": ["rows"], "measure": ["value"], "chart": ["show"], "source": ["from"], "schedule": ["every"],
        // Names and labels.
        "name": ["label"], "title": ["label", "shows"], "caption": ["label"], "display_name": ["label", "shows"], "label": ["name"],
        "labels": ["label"], "名称": ["label", "name"], "标签": ["label"], "标题": ["label", "shows"], "显示名": ["label", "shows"], "显示": ["shows"],
        "display": ["shows"], "show": ["shows"], "title_field": ["shows"], "to_string": ["shows"],
        "description": ["help"], "hint": ["help"], "tooltip": ["help"], "placeholder": ["help"], "note": ["help"], "comment": ["help"],
        "guidance": ["help"], "说明": ["help"], "提示": ["say", "help"], "帮助": ["help"], "section": ["group"], "分组": ["group"],
        // The app.
        "lang": ["language"], "locale": ["language"], "time_zone": ["timezone"], "tz": ["timezone"], "zone": ["timezone"], "时区": ["timezone"],
        "version_number": ["version"], "版本": ["version"], "币种": ["currency"], "holidays": ["calendar"], "workdays": ["calendar"], "日历": ["calendar", "calendars"],
        "工作日": ["workdays", "calendar"], "templates": ["uses"], "dependencies": ["uses"],
        // Calendars.
        "based_on": ["like"], "base": ["like"], "hours": ["week"], "working_hours": ["week"], "weekdays": ["week"], "windows": ["week"], "上班时间": ["week"],
        "每周": ["week"], "days_off": ["holidays"], "holiday": ["holidays"], "节假日": ["holidays"], "假日": ["holidays"], "休息日": ["holidays"],
        "makeup": ["workdays"], "make_up": ["workdays"], "extra_days": ["workdays"], "调休": ["workdays"], "补班": ["workdays"],
        "days": ["exceptions"], "special_days": ["exceptions"], "例外": ["exceptions"], "year": ["years"], "年份": ["years"],
        // Roles.
        "include": ["includes"], "inherits": ["includes"], "extends": ["includes", "like"], "parent": ["includes"], "包含": ["includes", "into"],
        // Objects.
        "field": ["fields"], "attributes": ["fields"], "columns": ["fields"], "properties": ["fields"], "props": ["fields"], "字段": ["fields", "into"],
        "rule": ["rules"], "validations": ["rules"], "validation": ["rules"], "validators": ["rules"], "constraints": ["rules"], "checks": ["rules"],
        "校验": ["rules"], "规则": ["rules"], "dedupe": ["identity"], "duplicates": ["identity"], "查重": ["identity"],
        // Fields.
        "kind": ["type"], "datatype": ["type"], "data_type": ["type"], "类型": ["type"],
        "mandatory": ["required"], "require": ["required", "must"], "not_null": ["required"], "nullable": ["required"], "optional": ["required"],
        "必填": ["required"], "必需": ["required"], "distinct": ["unique"], "唯一": ["unique"],
        "default_value": ["default"], "initial": ["default"], "value": ["default", "formula"], "默认": ["default"], "默认值": ["default"],
        "cleanup": ["clean"], "normalize": ["clean"], "normalise": ["clean"], "sanitize": ["clean"], "transform": ["clean"], "清洗": ["clean"],
        "values": ["options", "with"], "items": ["options"], "select": ["options"], "picklist": ["options"], "选项": ["options"], "option": ["options"],
        "target": ["to"], "object_type": ["to"], "references": ["to"], "reference": ["to"], "lookup": ["to"], "ref": ["to"], "linked_to": ["to"],
        "关联": ["to"], "inverse": ["as"], "related_name": ["as"], "reverse": ["as"], "backref": ["as"],
        "precision": ["decimals"], "scale": ["decimals"], "digits": ["decimals"], "places": ["decimals"], "小数位": ["decimals"], "小数": ["decimals"],
        "unit": ["currency"], "country": ["region"], "pattern": ["format"], "mask": ["format"], "格式": ["format"], "prefix": ["format"],
        "calc": ["formula"], "calculation": ["formula"], "computed": ["formula"], "expression": ["formula", "must"], "compute": ["formula"],
        "公式": ["formula"], "计算": ["formula"], "score": ["points", "prefer"], "scores": ["points"], "weights": ["points", "prefer"], "得分": ["points"], "评分": ["points"],
        "states": ["stages"], "statuses": ["stages"], "steps": ["stages"], "phases": ["stages"], "阶段": ["stages", "phase"],
        "transitions": ["moves"], "flow": ["moves"], "流转": ["moves"],
        // Rules and conditions.
        "condition": ["if", "must"], "when": ["if", "at"], "where": ["if"], "only_if": ["if"], "unless": ["if"], "条件": ["if", "enter"],
        "如果": ["if"], "message": ["say"], "error": ["say"], "error_message": ["say"], "msg": ["say"], "text": ["say"], "消息": ["say"],
        "check": ["must"], "assert": ["must"], "that": ["must"], "test_that": ["must"], "formula": ["must"], "必须": ["must"],
        // Stages.
        "conditions": ["enter"], "gate": ["enter"], "gates": ["enter"], "entry": ["enter"], "requirements": ["enter"], "requires": ["enter"],
        "criteria": ["enter"], "进入条件": ["enter"], "status": ["end", "move"], "final": ["end"], "closed": ["end"], "won": ["end"], "lost": ["end"],
        "结束": ["end"], "category": ["phase"], "forward": ["skip"], "backward": ["back"], "from": ["from_any"], "any": ["from_any"],
        "fields": ["into"], "separator": ["split"], "by": ["split", "as"],
        // Automations and watches.
        "event": ["when"], "actions": ["do"], "action": ["do"], "run": ["do"], "delay": ["wait"],
        "foreach": ["for each"], "loop": ["for each"], "each": ["for each"], "otherwise": ["else"], "variable": ["name"], "recipients": ["notify"],
        "分配": ["assignments"], "assignment": ["assignments", "assign"], "routing": ["assignments"], "candidates": ["among"],
        "fallback_queue": ["queue"], "subject": ["title"], "body": ["message"], "assign_to": ["assign"],
        "survey": ["ask"], "question": ["ask"], "prompt": ["ask"], "问": ["ask"], "询问": ["ask"], "tags": ["tag"], "add_tag": ["tag"], "remove_tag": ["untag"], "打标签": ["tag"], "去标签": ["untag"], "until": ["wait until"], "wait_until": ["wait until"], "wait_for": ["wait for"], "for_each": ["for each"], "during": ["while"], "rungs": ["after"],
        "restart": ["restart on"], "restart_on": ["restart on"], "pause_while": ["pause while"], "pause": ["pause while"], "reset": ["restart on"],
        "misfire": ["missed"], "catch_up": ["missed"], "当": ["when", "while"], "执行": ["do"], "通知": ["notify"], "之后": ["after"],
        // Approvals.
        "approver": ["by"], "approvers": ["by"], "quorum": ["need"], "mode": ["need"], "frozen": ["freeze"], "lock": ["freeze"], "deadline": ["within"],
        "on_reject": ["reject"], "escalate": ["late"], "permit": ["allow"], "self": ["self_approval"], "tiers": ["levels"], "审批人": ["by"],
        "级别": ["levels"], "超时": ["within", "late"], "同意": ["approve"], "驳回": ["reject"], "撤回": ["withdraw"], "转交": ["delegate"],
        "退回": ["send back"], "回答": ["answer"], "reply": ["answer"], "加签": ["add signer before", "add signer after"], "前加签": ["add signer before"], "后加签": ["add signer after"], "send_back": ["send back"],
        // Tests.
        "date": ["at"], "now": ["at"], "time": ["at"], "setup": ["given"], "fixtures": ["given"], "data": ["given", "with"], "前提": ["given"],
        "步骤": ["steps"], "do": ["steps"], "add": ["create"], "insert": ["create"], "new": ["create"], "update": ["edit"], "set": ["with", "edit"],
        "change": ["edit"], "transition": ["move"], "remove": ["delete"], "destroy": ["delete"], "expects": ["expect"], "then": ["expect", "do"],
        "held": ["expect held"], "expect_blocked": ["expect held"], "refused": ["expect refused"], "expect_error": ["expect refused"],
        "expect_rejected": ["expect refused"], "sleep": ["wait"], "user": ["as"], "actor": ["as"], "record": ["of"], "on": ["when", "of"], "id": ["name"],
        "新建": ["create"], "修改": ["edit"], "期望": ["expect"], "等待": ["wait"],
        // Connectors and channels.
        "连接": ["connectors", "connector"], "渠道": ["channels"], "channel": ["channels", "via"], "connections": ["connectors"], "endpoint": ["url", "base"],
        "base_url": ["base"], "baseurl": ["base"], "server": ["host"], "username": ["user"], "login": ["user"], "pass": ["password"], "key": ["secret"],
        "api_key": ["bearer", "secret"], "token": ["bearer"], "authentication": ["auth"], "authorization": ["auth"], "methods": ["calls"],
        "requests": ["calls"], "payload": ["send"], "json": ["send"], "rate_limit": ["limits"], "rate": ["per_minute"], "concurrency": ["at_once"],
        "success": ["ok"], "retry": ["on_unknown"], "client_id": ["client"], "client_secret": ["secret"], "scopes": ["scope"], "fallback": ["try"],
        "ladder": ["try"], "signature": ["verify", "hmac"], "dedupe_by": ["once"], "create": ["creates", "create"], "mapping": ["map"], "接收": ["receives", "inbound"], "receive": ["receives"], "incoming": ["receives"], "replies": ["receives"], "sender": ["from"], "content": ["text"], "internal": ["allow_private"], "via": ["connector"],
        // Languages.
        "cn": ["zh"], "zh_cn": ["zh"], "chinese": ["zh"], "中文": ["zh"], "en_us": ["en"], "english": ["en"], "英文": ["en"],
    ]
}
