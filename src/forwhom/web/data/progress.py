"""What a job says while it works, in the language of those who look at it.

Whoever works says it in English, once for all who look, and knows no languages. Here it is
recognized by its words and said again with what stood in its places.
"""

from forwhom.languages.catalog import later, later_count

#: All that those say who look at tables and who find segments; a test finds what is missing.
SAID = (
    later("beginning"),
    later("done"),
    later("drafted"),
    later("reading the tables"),
    later("reading {table}"),
    later("turning {table} into features"),
    later("deciding what each variable is for"),
    later("bringing customers together"),
    later("finding segments"),
    later("testing {few} against {more} segments"),
    later_count("{n} segment: trying {starts}", "{n} segments: trying {starts}"),
    later_count("{n} start", "{n} starts"),
    later_count("{n} more start", "{n} more starts"),
    later_count("{n} segment: settling the best {best}", "{n} segments: settling the best {best}"),
    later_count("{n} segment: running every start", "{n} segments: running every start"),
    later_count(
        "{n} segment: converging on all customers", "{n} segments: converging on all customers"
    ),
    later_count("{n} segment: asking all customers", "{n} segments: asking all customers"),
    later_count("{n} segment: done", "{n} segments: done"),
    later("packing {n} customers"),
    later("fitting {n} customers on Spark"),
    later("fitting {n} customers"),
    later("placing {n} customers"),
    later("comparing with sliding scales"),
    later("looking for what hangs together"),
    later("segmenting what a sliding scale would give"),
    later("finding the few variables that place a customer"),
    later("finding segments without what gives {attribute} away"),
    later("collecting the evidence"),
    later("Profiling segments"),
    later("Finding what distinguishes segments"),
    later("Building typical members"),
    later("Describing segments"),
)
#: Words that stand in what is said of tables.
WORDS = (
    later("e-mail addresses"),
    later("phone numbers"),
    later("bank accounts"),
    later("IP addresses"),
    later("postal addresses"),
    later("recency"),
    later("frequency"),
    later("revenue"),
    later("cost"),
    later("a channel"),
    later("an outcome"),
    later("price"),
)
#: Why this server gives a job up, and what to do; what a table itself lacks is said in English.
REFUSED = (
    later("This takes more memory than there is."),
    later("Try with fewer rows or columns."),
    later("Something went wrong that forwhom did not expect ({kind})."),
    later("Please report it, with what you did."),
    later("This took longer than the {n} minutes that this server allows."),
    later("Try with fewer rows, columns or segments, or raise --most-minutes."),
    later("This took more than the {n} MB of memory that this server allows."),
    later("Try with fewer rows or columns, or raise --most-memory."),
    later("The rows are not on this server any more: no backup holds them."),
    later("Bring the tables again."),
    later("This was begun three times, and its process ended each time without a word."),
    later("The machine may have too little memory: try with fewer rows or columns."),
)
