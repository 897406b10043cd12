package import Program

extension CrashWork {
    /// People are asked, words are put in and taken out, customers are written to and write back.
    package static let acting = app(
        """
        app: { name: acting }
        objects:
          deal:
            shows: "{name}"
            fields: { name: { type: text, required: yes, unique: yes }, labels: tags, state: text, said: text, phone: phone, owner: link to user }
          reply: { fields: { text: text, deal: link to deal } }
        connectors:
          gate: { kind: http, base: https://gate.example.com, calls: { text: { post: /texts, send: { to: "{to}", text: "{text}" } } } }
        channels:
          sms:
            connector: gate
            with: { to: "{phone}", text: "{message}" }
            receives: { verify: { bearer: $SMS }, once: body.id, from: body.mobile, text: body.content }
        automations:
          asks:
            when: deal is created
            do:
              - tag: [open, "from {name}"]
              - send: sms
                to: phone
                message: "hello {name}"
              - ask: owner
                via: [in_app, sms]
                name: answer
                message: "{name}?"
                with: { good: { type: bool, required: yes }, note: text }
                within: 2 days
                then:
                  - tag: "{answer.note}"
                  - set: { state: answered }
                else: { set: { state: silent } }
              - untag: open
              - notify: owner
                via: [in_app, sms]
                message: "{name} is {state}"
          heard:
            when: message in sms about deal
            do:
              - tag: heard
              - set: { said: "{message.text}" }
              - create: reply
                with: { text: "{message.text}", deal: =this }

        """)
}
