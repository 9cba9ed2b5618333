"""Exports of shops and payments: recognized, with the right customers, orders and money."""

# ruff: noqa: E501 - exports have long lines

from __future__ import annotations

from pathlib import Path

import pytest

from forwhom.customers.drafting import draft_study
from forwhom.customers.featuring import features_table
from forwhom.documents.layout import known_layouts, layout_names, read_layout, recognized
from forwhom.errors import ColumnMissing, DocumentError, OptionError
from forwhom.features import customer_features
from forwhom.features.orders import whole_orders
from forwhom.tables import collect, open_table

#: Small exports in the form that each tool writes, with the orders and the money of each customer.
SHOPS = {
    "shopify-orders": (
        """\
Name,Email,Financial Status,Paid at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,\
Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,\
Lineitem sku,Cancelled at,Refunded Amount,Vendor,Id,Source,Lineitem discount
#1,a@x.org,paid,2025-01-01 10:00:00 +0100,yes,EUR,45.00,4.90,7.20,49.90,TEN,5.00,2025-01-01 10:00:00 +0100,1,Tea,10.00,T,,0.00,Own,11,web,0.00
#1,a@x.org,,,,,,,,,,,2025-01-01 10:00:00 +0100,2,Ink,20.00,I,,,Own,,,0.00
#2,a@x.org,partially_refunded,2025-02-01 10:00:00 +0100,yes,EUR,30.00,0.00,4.80,30.00,,0.00,2025-02-01 10:00:00 +0100,3,Tea,10.00,T,,12.50,Own,12,web,0.00
#3,b@x.org,refunded,2025-02-02 10:00:00 +0100,no,EUR,20.00,4.90,3.20,24.90,,0.00,2025-02-02 10:00:00 +0100,1,Ink,20.00,I,,24.90,Own,13,pos,0.00
#4,b@x.org,paid,2025-02-03 10:00:00 +0100,no,EUR,8.00,4.90,1.28,12.90,,0.00,2025-02-03 10:00:00 +0100,1,Pen,10.00,P,,0.00,Own,14,web,2.00
#5,b@x.org,voided,,no,EUR,99.00,4.90,15.84,103.90,,0.00,2025-02-04 10:00:00 +0100,9,Pen,11.00,P,,0.00,Own,15,web,0.00
#6,c@x.org,paid,2025-02-05 10:00:00 +0100,no,EUR,50.00,4.90,8.00,54.90,,0.00,2025-02-05 10:00:00 +0100,5,Tea,10.00,T,2025-02-06 10:00:00 +0100,0.00,Own,16,web,0.00
#7,c@x.org,paid,2025-02-07 10:00:00 +0100,no,EUR,10.00,4.90,1.60,14.90,,0.00,2025-02-07 10:00:00 +0100,1,Tea,10.00,T,,0.00,Own,17,web,0.00
""",
        {"a@x.org": (2, 62.5), "b@x.org": (2, 8.0), "c@x.org": (1, 10.0)},
    ),
    "woocommerce-orders": (
        """\
Order Number,Order Status,Order Date,Email (Billing),Cart Discount Amount,Order Shipping Amount,\
Order Refund Amount,Order Total Amount,Order Total Tax Amount,SKU,Item Name,Quantity (- Refund),Item Cost
501,Completed,2025-01-01 10:00,a@x.org,5,4,0,49,8,T,Tea,1,10
501,Completed,2025-01-01 10:00,a@x.org,5,4,0,49,8,I,Ink,2,20
502,Completed,2025-02-01 10:00,a@x.org,0,0,12.5,30,5,T,Tea,3,10
503,Refunded,2025-02-02 10:00,b@x.org,0,4,24,24,4,I,Ink,1,20
504,Processing,2025-02-03 10:00,b@x.org,0,4,0,12,2,P,Pen,1,8
505,Failed,2025-02-04 10:00,b@x.org,0,4,0,99,9,P,Pen,9,11
506,Cancelled,2025-02-05 10:00,c@x.org,0,4,0,54,9,T,Tea,5,10
507,Completed,2025-02-07 10:00,c@x.org,0,4,0,14,2,T,Tea,1,10
""",
        {"a@x.org": (2, 66.5), "b@x.org": (2, 12.0), "c@x.org": (1, 14.0)},
    ),
    "woocommerce-analytics": (
        """\
Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales
2025-01-01 10:00:00,501,€45,completed,Ada L,new,"1× Tea, 2× Ink",3,TEN,45
2025-02-01 10:00:00,502,€17.5,completed,Ada L,returning,3× Tea,3,,17.5
2025-02-02 10:00:00,503,€0,refunded,Bob M,new,1× Ink,1,,0
2025-02-03 10:00:00,504,€8,processing,Bob M,returning,1× Pen,1,,8
2025-02-04 10:00:00,505,€99,failed,Bob M,returning,9× Pen,9,,99
""",
        {"Ada L": (2, 62.5), "Bob M": (2, 8.0)},
    ),
    "square-items": (
        """\
Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,\
Net Sales,Tax,Transaction ID,Payment ID,Event Type,Location,Customer ID,Customer Name
2025-01-01,10:00:00,UTC,Drinks,Tea,1,,T,,$10.00,$0.00,$10.00,$1.00,t1,p1,Payment,Main,A,Ada L
2025-01-01,10:00:00,UTC,Paper,Ink,2,,I,,$40.00,-$5.00,$35.00,$3.50,t1,p1,Payment,Main,A,Ada L
2025-02-01,10:00:00,UTC,Drinks,Tea,3,,T,,$30.00,$0.00,$30.00,$3.00,t2,p2,Payment,Side,A,Ada L
2025-02-03,10:00:00,UTC,Drinks,Tea,-1,,T,,-$10.00,$0.00,-$10.00,-$1.00,t3,p3,Refund,Side,A,Ada L
2025-02-04,10:00:00,UTC,Paper,Pen,1,,P,,$8.00,$0.00,$8.00,$0.80,t4,p4,Payment,Main,B,Bob M
2025-02-05,10:00:00,UTC,Paper,Pen,1,,P,,$8.00,$0.00,$8.00,$0.80,t5,p5,Payment,Main,,
""",
        {"A": (2, 65.0), "B": (1, 8.0)},
    ),
    "square-transactions": (
        """\
Date,Time,Time Zone,Gross Sales,Discounts,Net Sales,Tax,Tip,Total Collected,Transaction ID,Payment ID,\
Event Type,Location,Customer ID,Customer Name
2025-01-01,10:00:00,UTC,"$1,050.00",-$5.00,"$1,045.00",$4.50,$2.00,"$1,051.50",t1,p1,Payment,Main,A,Ada L
2025-02-01,10:00:00,UTC,$30.00,$0.00,$30.00,$3.00,$0.00,$33.00,t2,p2,Payment,Side,A,Ada L
2025-02-03,10:00:00,UTC,-$10.00,$0.00,-$10.00,-$1.00,$0.00,-$11.00,t3,p3,Refund,Side,A,Ada L
2025-02-04,10:00:00,UTC,$8.00,$0.00,$8.00,$0.80,$0.00,$8.80,t4,p4,Payment,Main,B,Bob M
""",
        {"A": (2, 1065.0), "B": (1, 8.0)},
    ),
    "stripe-payments": (
        """\
id,Description,Created (UTC),Amount,Amount Refunded,Currency,Converted Amount,\
Converted Amount Refunded,Fee,Converted Currency,Mode,Status,Customer ID,Customer Email,Captured
ch_1,Order 1,2025-01-01 10:00,45.00,0.00,eur,45.00,0.00,1.20,eur,Live,Paid,cus_a,a@x.org,TRUE
ch_2,Order 2,2025-02-01 10:00,40.00,16.00,usd,30.00,12.50,1.20,eur,Live,Paid,cus_a,a@x.org,TRUE
ch_3,Order 3,2025-02-02 10:00,20.00,20.00,eur,20.00,20.00,1.20,eur,Live,Refunded,cus_b,b@x.org,TRUE
ch_4,Order 4,2025-02-03 10:00,8.00,0.00,eur,8.00,0.00,1.20,eur,Live,Paid,cus_b,b@x.org,TRUE
ch_5,Order 5,2025-02-04 10:00,99.00,0.00,eur,99.00,0.00,0.00,eur,Live,Failed,cus_b,b@x.org,FALSE
ch_6,Order 6,2025-02-05 10:00,50.00,0.00,eur,50.00,0.00,0.00,eur,Test,Paid,cus_c,c@x.org,TRUE
ch_7,Order 7,2025-02-06 10:00,10.00,0.00,eur,10.00,0.00,0.00,eur,Live,Paid,cus_c,c@x.org,TRUE
""",
        {"cus_a": (2, 62.5), "cus_b": (2, 8.0), "cus_c": (1, 10.0)},
    ),
    "amazon-orders": (
        """\
amazon-order-id\tpurchase-date\torder-status\tsales-channel\tsku\titem-status\tquantity\tcurrency\titem-price\titem-tax\titem-promotion-discount\tbuyer-email
302-1\t2025-01-01T10:00:00+00:00\tShipped\tAmazon.de\tT\tShipped\t1\tEUR\t10.00\t2.00\t\ta@x.org
302-1\t2025-01-01T10:00:00+00:00\tShipped\tAmazon.de\tI\tShipped\t2\tEUR\t40.00\t8.00\t5.00\ta@x.org
302-2\t2025-02-01T10:00:00+00:00\tShipped\tAmazon.de\tT\tShipped\t3\tEUR\t30.00\t6.00\t\ta@x.org
302-3\t2025-02-02T10:00:00+00:00\tCancelled\tAmazon.de\tT\tCancelled\t3\tEUR\t30.00\t6.00\t\tb@x.org
302-4\t2025-02-03T10:00:00+00:00\tShipped\tAmazon.de\tP\tShipped\t1\tEUR\t8.00\t1.60\t\tb@x.org
""",
        {"a@x.org": (2, 75.0), "b@x.org": (1, 8.0)},
    ),
    "pipedrive-deals": (
        """\
Deal - ID,Deal - Title,Deal - Value,Deal - Currency of value,Deal - Owner,Deal - Organization,Deal - Contact person,Deal - Pipeline,Deal - Stage,Deal - Status,Deal - Deal created,Deal - Won time,Deal - Lost time
1,Shelves,500,EUR,Ann,Firm A,Ada L,Sales,Proposal,Won,2025-01-01 10:00:00,2025-01-09 10:00:00,
2,Desks,120.5,EUR,Ann,Firm A,Ada L,Sales,Proposal,Won,2025-01-05 10:00:00,2025-02-09 10:00:00,
3,Lamps,900,EUR,Ann,Firm A,Ada L,Sales,Proposal,Lost,2025-01-06 10:00:00,,2025-02-01 10:00:00
4,Chairs,80,EUR,Ann,Firm B,Bob M,Sales,Proposal,Won,2025-01-07 10:00:00,2025-02-02 10:00:00,
5,Rugs,70,EUR,Ann,Firm B,Bob M,Sales,Qualified,Open,2025-01-08 10:00:00,,
""",
        {"Firm A": (2, 620.5), "Firm B": (1, 80.0)},
    ),
    "paypal": (
        """\
"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address",\
"To Email Address","Transaction ID","Item Title","Reference Txn ID","Balance","Balance Impact"
"01/13/2025","10:00:00","CET","Ada L","Website Payment","Completed","EUR","45.00","-1.50","43.50","a@x.org","shop@x.org","T1","Tea","","43.50","Credit"
"02/14/2025","10:00:00","CET","Ada L","Website Payment","Completed","EUR","30.00","-1.00","29.00","a@x.org","shop@x.org","T2","Tea","","72.50","Credit"
"02/15/2025","10:00:00","CET","Bob M","Website Payment","Refunded","EUR","20.00","-1.00","19.00","b@x.org","shop@x.org","T3","Ink","","91.50","Credit"
"02/16/2025","10:00:00","CET","Bob M","Payment Refund","Completed","EUR","-20.00","1.00","-19.00","shop@x.org","b@x.org","T4","Ink","T3","72.50","Debit"
"02/20/2025","10:00:00","CET","Ada L","Payment Refund","Completed","EUR","-12.50","0.50","-12.00","shop@x.org","a@x.org","T8","Tea","T2","0.00","Debit"
"02/20/2025","10:00:00","CET","Ada L","Payment Refund","Pending","EUR","-7.00","0.00","-7.00","shop@x.org","a@x.org","T9","Tea","T2","0.00","Memo"
"02/21/2025","10:00:00","CET","Dee P","Website Payment","Reversed","EUR","60.00","-2.00","58.00","d@x.org","shop@x.org","T10","Pen","","0.00","Credit"
"02/22/2025","10:00:00","CET","Dee P","Website Payment","Completed","EUR","25.00","-1.00","24.00","d@x.org","shop@x.org","T11","Pen","","0.00","Credit"
"02/23/2025","10:00:00","CET","Dee P","Hold on Balance for Dispute Investigation","Completed","EUR","-25.00","0.00","-25.00","shop@x.org","d@x.org","T12","Pen","T11","0.00","Debit"
"02/24/2025","10:00:00","CET","Dee P","Chargeback","Completed","EUR","-25.00","0.00","-25.00","shop@x.org","d@x.org","T13","Pen","T11","0.00","Debit"
"02/25/2025","10:00:00","CET","Dee P","Chargeback Reversal","Completed","EUR","25.00","0.00","25.00","shop@x.org","d@x.org","T14","Pen","T11","0.00","Credit"
"02/25/2025","10:00:00","CET","Eve Q","Payment Refund","Completed","EUR","-9.00","0.00","-9.00","shop@x.org","e@x.org","T15","Pen","T0","0.00","Debit"
"02/17/2025","10:00:00","CET","Bob M","Website Payment","Completed","EUR","8.00","-0.50","7.50","b@x.org","shop@x.org","T5","Pen","","80.00","Credit"
"02/18/2025","10:00:00","CET","","General Withdrawal","Completed","EUR","-80.00","0.00","-80.00","shop@x.org","","T6","","","0.00","Debit"
"02/19/2025","10:00:00","CET","Cy N","Website Payment","Pending","EUR","50.00","0.00","50.00","c@x.org","shop@x.org","T7","Tea","","0.00","Memo"
""",
        {"a@x.org": (2, 62.5), "b@x.org": (2, 8.0), "d@x.org": (2, 25.0)},
    ),
    "paypal-statement": (
        """\
"Date","Time","Time Zone","Description","Currency","Gross","Fee","Net","Balance","Transaction ID","From Email Address","Name","Bank Name","Reference Txn ID"
"13.01.2025","10:00:00","Europe/Berlin","Website Payment","EUR","1.045,00","-1,50","1.043,50","1.043,50","T1","a@x.org","Ada L","",""
"14.02.2025","10:00:00","Europe/Berlin","Mobile Payment","EUR","30,00","-1,00","29,00","72,50","T2","a@x.org","Ada L","",""
"15.02.2025","10:00:00","Europe/Berlin","Website Payment","EUR","20,00","-1,00","19,00","91,50","T3","b@x.org","Bob M","",""
"20.02.2025","10:00:00","Europe/Berlin","Payment Refund","EUR","-12,50","0,50","-12,00","0,00","T4","shop@x.org","Ada L","","T2"
"21.02.2025","10:00:00","Europe/Berlin","User Initiated Withdrawal","EUR","-80,00","0,00","-80,00","0,00","T5","","","Bank",""
""",
        {"a@x.org": (2, 1062.5), "b@x.org": (1, 20.0)},
    ),
    "salesforce-opportunity-report": (
        """\
Opportunity Owner,Account Name,Opportunity Name,Stage,Amount,Probability (%),Close Date,Created Date,Type,Lead Source,Opportunity ID
Ann,Ada Ltd,One,Closed Won,"1,200.50",100,1/13/2025,12/1/2024,New,Web,O1
Ann,Ada Ltd,Two,Closed Won,300.00,100,2/14/2025,12/1/2024,New,Web,O2
Ann,Ada Ltd,Three,Closed Lost,900.00,0,2/15/2025,12/1/2024,New,Web,O3
Cy,Bob Ltd,Four,Negotiation/Review,50.00,80,3/16/2025,12/1/2024,New,Web,O4
Cy,Bob Ltd,Five,Closed Won,70.00,100,3/17/2025,12/1/2024,New,Fair,O5
""",
        {"Ada Ltd": (2, 1500.5), "Bob Ltd": (1, 70.0)},
    ),
}  # fmt: skip


def export(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", SHOPS)
def test_a_shop_export_gives_the_right_orders_and_money(name: str, tmp_path: Path) -> None:
    text, expected = SHOPS[name]
    path = export(tmp_path, "export", text)
    draft = draft_study(path)
    assert any(f"(layout {name}; --layout names another one, or none)" in n for n in draft.notes)
    (spec,) = draft.study.events
    rows = features_table(path, layout=name).table.to_pylist()
    found = {row[spec.customer]: (row["frequency"], row["monetary_value"]) for row in rows}
    assert found == {who: (orders, pytest.approx(money)) for who, (orders, money)
                     in expected.items()}  # fmt: skip
    # Who bought is nobody's business.
    assert not any(word in draft.text + "".join(draft.notes) for word in ("x.org", "Ada", "Bob"))


#: Events of tools: how many rows are used, and of whom.
EVENTS = {
    "salesforce-opportunities": (
        "Id,AccountId,Name,StageName,Amount,CloseDate,IsWon,IsClosed,IsDeleted,Type,LeadSource",
        lambda i: f"006{i},001{i % 7},Deal {i},{'Closed Won' if i % 3 else 'Negotiation'},{100 + i},2025-01-{1 + i % 28:02},"
        f"{'true' if i % 3 else 'false'},true,{'true' if i == 1 else 'false'},{'New' if i % 2 else 'Renewal'},Web",
        "AccountId", 7, sum(100 + i for i in range(60) if i % 3 and i != 1),
    ),
    "ga4": (
        "event_date,event_timestamp,event_name,event_value_in_usd,user_id,user_pseudo_id,platform",
        lambda i: f"202501{1 + i % 28:02},{1_735_689_600_000_000 + i * 10**10},{'page_view' if i % 3 else 'purchase'},"
        f"{'' if i % 3 else 10},,{i % 9}.77,{'WEB' if i % 2 else 'IOS'}",
        "user_pseudo_id", 9, 200,
    ),
    "mixpanel": (
        "event,distinct_id,time,$insert_id,$os,mp_country_code",
        lambda i: f"{'Open' if i % 3 else 'Buy'},d{i % 9},{1_735_689_600 + i * 10**4},x{i},{'iOS' if i % 2 else 'Web'},AT",
        "distinct_id", 9, None,
    ),
    "amplitude": (
        "event_type,event_time,amplitude_id,user_id,device_id,platform,session_id",
        lambda i: f"{'Open' if i % 3 else 'Buy'},2025-01-{1 + i % 28:02} 10:00:00.000000,{10**9 + i % 9},u{i % 9},d{i % 9},Web,{i}",
        "user_id", 9, None,
    ),
    "posthog": (
        "uuid,event,timestamp,distinct_id,person_id",
        lambda i: f"0{i},{'$pageview' if i % 3 else 'bought'},2025-01-{1 + i % 28:02} 10:00:00.000000+00:00,d{i % 18},p{i % 9}",
        "person_id", 9, None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EVENTS)
def test_events_of_a_tool_are_those_of_its_people(name: str, tmp_path: Path) -> None:
    head, row, customer, people, money = EVENTS[name]
    path = export(tmp_path, "export", "\n".join([head, *(row(i) for i in range(60))]) + "\n")
    draft = draft_study(path)
    assert any(f"(layout {name}; " in note for note in draft.notes)
    (spec,) = draft.study.events
    assert spec.customer == customer
    rows = collect(customer_features(whole_orders(open_table(path), spec), spec).table).to_pylist()
    assert len(rows) == people
    if money is not None:
        assert sum(row["monetary_value"] or 0 for row in rows) == pytest.approx(money)


#: Lists of people and companies: who they are, and what forms segments.
LISTS = {
    "mailchimp": (
        "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS",
        lambda i: f"p{i}@x.org,Ada,{1 + i * 7 % 5},2025-01-01 10:00:00,,2025-01-01 10:00:00,10.0.0.{i},48.{i},16.{i},1,2,Europe/Vienna,AT,{i % 9},"
        f'2025-01-01 10:00:00,{9000 + i},e{i},,',
        "EUID", {"MEMBER_RATING"},
    ),
    "hubspot-contacts": (
        "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lifecycle Stage,Number of Pageviews,Create Date",
        lambda i: f"{901 + i},Ada,L,p{i}@x.org,+43 664 12345{i:02},Ann,{'Lead' if i % 3 else 'Customer'},{i * i % 11},2025-01-01 10:00",
        "Record ID", {"Number of Pageviews"},
    ),
    "salesforce-accounts": (
        "Id,IsDeleted,Name,Type,Industry,NumberOfEmployees,AnnualRevenue,BillingCountry,OwnerId,visits",
        lambda i: f"001{i},false,Firm {i},Customer,{'Retail' if i % 2 else 'Banking'},{10 + i * i},{1000 * i},AT,005,{i * i % 11}",
        "Id", {"visits"},
    ),
    "klaviyo": (
        "Email,Klaviyo ID,First Name,Last Name,Email Marketing Consent,Historic Customer Lifetime Value,Predicted Customer Lifetime Value,Historic Number Of Orders,Churn Risk Prediction",
        lambda i: f"p{i}@x.org,01K{i},Ada,L,{'SUBSCRIBED' if i % 2 else 'NEVER'},{i * 13 % 40}.5,{i}.25,{i * 7 % 5},0.{i % 9}",
        "Klaviyo ID", {"Historic Customer Lifetime Value", "Historic Number Of Orders"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_people_says_who_they_are(name: str, tmp_path: Path) -> None:
    head, row, identity, variables = LISTS[name]
    path = export(tmp_path, "export", "\n".join([head, *(row(i) for i in range(60))]) + "\n")
    draft = draft_study(path)
    assert any(f"(layout {name}; " in note for note in draft.notes)
    assert draft.study.customers is not None
    assert draft.study.customers.id == identity
    active = {n for n, said in draft.study.variables.items() if said.use == "active"}
    assert variables <= active
    assert not active & {"Predicted Customer Lifetime Value", "Industry", "Email", "LATITUDE"}
    assert "x.org" not in draft.text + "".join(draft.notes)


def test_customers_of_a_shop_are_its_own_table(tmp_path: Path) -> None:
    head = (
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Company,Default Address City,"
        "Total Spent,Total Orders,Note,Tax Exempt,Tags\n"
    )
    rows = "".join(
        f"'{7000 + i},Ada,L{i},p{i}@x.org,{'yes' if i % 2 else 'no'},,Rome,{i * 3}.50,{i % 5},,no,\n"
        for i in range(40)
    )
    draft = draft_study(export(tmp_path, "customers", head + rows))
    assert draft.study.customers is not None
    assert draft.study.customers.id == "Customer ID"
    assert {name: one.role for name, one in draft.known.items() if one.role} == {
        "Total Spent": "revenue", "Total Orders": "frequency",
    }  # fmt: skip


@pytest.mark.parametrize("name", layout_names())
def test_a_layout_is_sound_and_recognizes_itself_alone(name: str) -> None:
    layout = known_layouts()[name]
    assert layout.name == name
    assert layout.source
    assert layout.unknown
    headings = [one.split(" | ")[-1] for one in layout.recognize]
    headings += ["How are you today?"] * layout.questions * 3
    found = recognized(headings)
    assert found is not None
    assert found.name == name
    assert recognized([one.upper().replace(" ", "  ") for one in headings]) is found


def test_a_layout_is_named_or_switched_off(tmp_path: Path) -> None:
    path = export(tmp_path, "export", SHOPS["stripe-payments"][0])
    assert draft_study(path, layout="none").placement.events[0].view.layout is None
    assert draft_study(path, layout="stripe-payments").study == draft_study(path).study
    with pytest.raises(OptionError, match="no layout 'stripe-payment'"):
        draft_study(path, layout="stripe-payment")
    with pytest.raises(ColumnMissing, match=r"the layout paypal names the column 'Date'"):
        draft_study(path, layout="paypal")


OWN = """\
forwhom: 1
name: till
title: Sales of our own till
recognize: [Bon, Karte]
rows: purchases
customer: [Karte]
time: [Wann]
order: [Bon]
amount: [Summe]
says: ["Deposits are money, too."]
"""


def test_an_own_layout_is_one_more_file(tmp_path: Path) -> None:
    till = export(tmp_path, "till", "Bon,Karte,Wann,Summe\n1,a,2025-01-01,3\n2,b,2025-01-02,4\n")
    own = tmp_path / "till.yaml"
    own.write_text(OWN, encoding="utf-8")
    draft = draft_study(till, layout=str(own))
    assert (draft.study.events[0].customer, draft.study.events[0].amount) == ("Karte", "Summe")
    assert "till.csv: Deposits are money, too." in draft.notes
    own.write_text(OWN.replace("rows:", "row:"), encoding="utf-8")
    with pytest.raises(DocumentError, match=r"till\.yaml:5"):
        read_layout(own)
    own.write_text(OWN.replace("[Bon, Karte]", "[Bon, Kasse]"), encoding="utf-8")
    with pytest.raises(ColumnMissing, match=r"'Kasse', which till.csv does not have"):
        draft_study(till, layout=str(own))


def test_a_layout_that_names_what_is_not_there_says_so(tmp_path: Path) -> None:
    rows = "".join(f"{i},a{i % 4},2025-01-{1 + i % 28:02},3\n" for i in range(40))
    till = export(tmp_path, "till", f"Bon,Karte,Wann,Summe\n{rows}")
    own = tmp_path / "till.yaml"
    own.write_text(OWN.replace("amount: [Summe]", "amount: [Betrag, Zahlung]"), encoding="utf-8")
    notes = draft_study(till, layout=own).notes
    told = "the layout names Betrag or Zahlung for 'amount', which is not there or holds nothing"
    assert f"till.csv: {told}; it is left out." in notes
    own.write_text(OWN.replace("time: [Wann]", "time: [Wan]"), encoding="utf-8")
    with pytest.raises(
        ColumnMissing, match=r"names Wan as the time, and till\.csv has no such"
    ) as e:
        draft_study(till, layout=own)
    assert "'Wann'" in e.value.advice


def test_two_layouts_that_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    one = known_layouts()["paypal"]
    twin = one.model_copy(update={"name": "twin"})
    monkeypatch.setattr("forwhom.documents.layout.known_layouts", lambda: {"a": one, "b": twin})
    with pytest.raises(DocumentError, match=r"two layouts fit: paypal .* and twin"):
        recognized(one.recognize)


def test_an_export_that_ends_within_an_order_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    text, _ = SHOPS["shopify-orders"]
    lines = text.splitlines()
    cut = [lines[0], *lines[3:], lines[1]]
    (spec,) = draft_study(export(tmp_path, "cut", "\n".join(cut) + "\n")).study.events
    events = whole_orders(open_table(spec.table), spec)
    rows = collect(customer_features(events, spec).table).to_pylist()
    # The line that is there gets the money that was paid for the order.
    assert {r["Email"]: r["monetary_value"] for r in rows}["a@x.org"] == pytest.approx(62.5)
