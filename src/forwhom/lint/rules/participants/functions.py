"""What roles do in a purchase: use, pay, decide."""

USES = {"user"}
PAYS = {"buyer", "donor", "purchaser", "approver"}
DECIDES = {"decision-maker", "approver"}

#: Each thing that somebody must do, in words.
FUNCTIONS = {"uses it": USES, "pays for it": PAYS, "decides": DECIDES}
