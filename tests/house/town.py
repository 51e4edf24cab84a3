"""A small genuine house with somebody in every role and something behind every address: what tests of all pages walk through."""

import json
from datetime import timedelta
from unittest import mock

from sqlalchemy import select

from core import clock
from core.goods.models import Item
from core.people.models import Notice, Organisation
from core.work import Actor, work
from market.listings.block_models import PersonReport
from market.listings.models import Listing, ListingProof, Message
from privacy.clearance.log import sequencing
from privacy.clearance.models import Certificate, Clearance
from privacy.devices import after_work, taking_out
from privacy.keys.models import PersonKey
from privacy.wipes.models import EvidenceFile, WipeJob
from tests import market_stories, stories
from tests.conftest import People
from tests.market.listings.conftest import Seller, photo, told, upload


class Town:
    """The people and things of a small story, made once for all pages of this file."""

    def __init__(self, app, session):
        self.app, self.session = app, session
        self.people = People(app, session)
        shop, platform = self.people.organisation("西湖旧货行"), self.people.organisation("循市", "platform")
        office = self.people.organisation("市场监管局", "regulator")
        fair, school = self.people.organisation("城北跳蚤市场", "organiser"), self.people.organisation("文一街小学", "school")
        community = self.people.organisation("翠苑一区", "community")
        self.orgs = [shop, platform]
        self.alice, self.bob = self.people.person("Alice"), self.people.person("Bob")
        named = {
            "clerk": ("Chen", "shop_clerk", shop), "cashier": ("He", "shop_cashier", shop), "manager": ("Mu", "shop_manager", shop), "operator": ("Wang", "wipe_operator", shop),
            "verifier": ("Zhao", "wipe_verifier", shop), "appraiser": ("Li", "appraiser", shop), "reviewer": ("Rui", "reviewer", platform),
            "regulator": ("Ines", "regulator", office), "administrator": ("Root", "administrator", platform),
            "mediator": ("Du", "mediator", platform), "organiser": ("Luo", "market_organiser", fair), "keeper": ("Ye", "corner_keeper", school),
            "helper": ("Gu", "helper", community), "school manager": ("Lin", "shop_manager", school), "editor": ("Mei", "standards_editor", platform),
        }  # fmt: skip
        self.staff = {}
        for role, (name, code, org) in named.items():
            person = self.people.person(name)
            self.people.give_role(person, code, org)
            self.staff[role] = person
        self.walk(shop)

    def doing(self, who=None):
        return work(self.session, Actor(who.id if who else "system:test"), clock.now())

    def walk(self, shop):
        """Coats on sale, reserved and sold; laptops wiped, waiting, at the bench; an appraisal; a draft; a report."""
        app, doing, alice, bob = self.app, self.doing, self.alice, self.bob
        wang, zhao, li = self.staff["operator"], self.staff["verifier"], self.staff["appraiser"]
        coats = [market_stories.listed_coat(doing, alice, title=f"大衣 {n}") for n in range(3)]
        open_order, done = (market_stories.ordered(doing, coat, bob) for coat in coats[:2])
        market_stories.checked(doing, done, bob)
        market_stories.sold(doing, done, alice)
        for person in (bob, alice):
            person.client().post(f"/orders/{done}/review", data={"stars": "5", "words": "很好"})
        laptop = market_stories.listed_laptop(app, doing, alice, wang, zhao, shop)
        bench = stories.laptop(doing, alice, serial="PF9ZZ900", disks=[stories.disks()[4]])
        job = stories.wiped(app, doing, bench, alice, wang, shop, [stories.disks()[4]])
        crushed, medium, destruction, after = self.devices(job, wang, shop)
        seller = Seller(alice.client())
        waits = seller.sells("laptop", told("laptop"))
        draft = seller.draft("laptop")
        vase = seller.sells("other", told("other"), title="文物 清代瓷瓶")
        alice.client().post(f"/listings/{vase}/proofs", data={"proofs": upload(photo())}, content_type="multipart/form-data")
        items = [self.session.get_one(Listing, one).item_id for one in (laptop, waits, coats[2])]
        signed, begun = self.appraisals(li, items[0], bench)
        bob.client().post(f"/listings/{coats[2]}/talk/{bob.id}", data={"body": "还在吗"})
        bob.client().post(f"/listings/{coats[2]}/report", data={"reason": "other", "words": "x"})
        alice.client().post(f"/listings/{coats[2]}/talk/{bob.id}", data={"body": "先转定金，加微信", "sure": "yes"})
        line = self.session.scalars(select(Message.id).where(Message.author_id == alice.id)).one()
        bob.client().post(f"/people/{alice.id}/report", data={"about": line, "reason": "payment", "words": "x"})
        bob.client().post(f"/people/{li.id}/block")
        self.session.rollback()
        one = self.session.scalars
        self.values = {
            "item_id": [*items, bench], "listing_id": [laptop, coats[2], waits, coats[0], coats[1], vase], "buyer_id": [bob.id],
            "order_id": [open_order, done], "draft_id": [draft], "appraisal_id": [signed, begun], "job_id": [job, crushed],
            "medium_id": [medium], "destruction_id": [destruction], "work_id": [after], "name": ["seal"],
            "clearance_id": [one(select(Clearance.id)).first()], "evidence_id": [one(select(EvidenceFile.id)).first()],
            "proof_id": [one(select(ListingProof.id)).first()], "person_report_id": [one(select(PersonReport.id)).one()],
            "notice_id": [one(select(Notice.id).where(Notice.account_id == alice.id)).first()], "account_id": [alice.id],
            "photo_id": [self.photo(items[2])], "size": ["small"], "org_id": self.orgs, "token": ["x" * 32],
            "profile_id": ["CN-GB46864-2025", "NIST-800-88r2", "HK-G3"], "standard_id": ["xunshi-laptop"] * 3 + ["xunshi-phone"] * 3, "version": ["1"], "code": ["terms", "zh"], "file": ["manifest.json"],
            "number": [one(select(Certificate.number)).first()], "station_id": [self.station(shop)],
            "key_id": [one(select(PersonKey.key_id)).first()], "head": [self.enter()], "leaf": ["0"], "level": ["0"], "tile": ["000.p/3"],
        }  # fmt: skip
        self.values |= self.sampled() | self.fees() | self.payments() | self.second_persons() | self.after_the_sale(done)
        self.values |= self.noticed(coats[2]) | self.priced() | self.applied() | self.standards() | self.on_a_list() | self.photo_twin(items) | self.booked() | self.shop_files() | self.consigned()
        self.values |= self.agreements()
        self.values |= self.stocked()
        self.values |= self.visits()
        self.values |= self.sold_online()
        self.values |= self.labelled()
        self.values |= self.imported()
        self.announced()
        self.values["case_id"] += self.exchanged()

    def exchanged(self):
        """Two coats that are exchanged: one in person, where the check comes next, and one that is packed next."""
        from market.aftersales import actions, exchanging, handing
        from market.orders import parcel
        from tests import exchange_stories as story

        found = []
        for way in ("meet", "parcel"):
            order_id = story.bought(self.doing, market_stories.listed_coat(self.doing, self.alice), self.alice, self.bob)
            case_id = story.agreed(self.doing, order_id, self.alice, self.bob)
            other = market_stories.by_parcel(self.doing, self.alice, market_stories.listed_coat(self.doing, self.alice))
            story.step(self.doing, case_id, self.alice, exchanging.choose, other)
            story.step(self.doing, case_id, self.alice, actions.take_back)
            story.step(self.doing, case_id, self.bob, handing.agree, [], way)
            if way == "parcel":
                story.step(self.doing, case_id, self.bob, handing.address, parcel.Address(*market_stories.HOME))
            found.append(case_id)
        return found

    def shop_files(self):
        """Mu's shop has points, rules, an exemption and a permit. A school's exemption and permit wait."""
        from market.shops import exemptions, permits, points, residents, wording
        from tests.market.shops.conftest import told as point

        shop, school = self.orgs[0], self.staff["school manager"]
        manager, root, today = self.staff["manager"], self.staff["administrator"], clock.local(clock.now()).date()
        there = self.session.scalars(select(Organisation.id).where(Organisation.kind == "school")).one()
        with self.doing(manager) as w:
            first = points.open_point(w, shop, point(position="30.27, 120.12", closed=[today], note="柜台")).id
            points.open_point(w, shop, point(name="二手专区", kind="zone", zone_name="二手专区", site="mall"))
            wording.publish_rules(w, shop, "七日内可以退换。")
            wording.publish_rules(w, shop, "七日内可以退换，运费由本店承担。", "Returns within seven days.")
            granted = exemptions.state_ground(w, shop, "sporadic", words="缝补").id
            old = permits.enter(w, shop, permits.BOOKS, "新出发浙零字第00217号", "新闻出版局", today + timedelta(days=90)).id
        with self.doing(root) as w:
            exemptions.decide(w, w.session.get_one(exemptions.ShopExemption, granted), True, "属实")
            permits.decide(w, w.session.get_one(permits.TradePermit, old), True, "一致")
        with self.doing(school) as w:
            points.open_point(w, there, point(name="旧书角", site="campus"))
            asked = exemptions.state_ground(w, there, "by_law", "《事业单位登记管理暂行条例》第二条").id
            waits = permits.enter(w, there, permits.BOOKS, "新出发浙零字第00488号", "新闻出版局", today + timedelta(days=90)).id
        with self.doing(self.bob) as w:
            residents.follow(w, shop)
            residents.name_estate(w, "翠苑一区")
        return {"point_id": [first], "exemption_id": [granted, asked], "permit_id": [old, waits]}

    def labelled(self):
        """The laptops, a coat and a sold coat carry their labels."""
        from core.goods import life

        with self.doing(self.staff["clerk"]) as w:
            sold = w.session.get_one(Listing, self.values["listing_id"][4]).item_id
            codes = [life.code_of(w, one) for one in (*self.values["item_id"][:3], sold)]
        return {"life_code": [*codes, "ABCDEFGH"], "paper": ["tag-68x10", "nothing"]}

    def announced(self):
        """The shop announces its end: what it takes in is in."""
        from market.shops import closings

        with self.doing(self.staff["manager"]) as w:
            closings.announce(w, self.orgs[0], clock.local(clock.now()).date() + timedelta(days=40), "搬迁", 30)

    def agreements(self):
        """The shop's consignment terms in two versions and a draft; an agreement at each of its stations, one of them Alice's."""
        from tests import agreement_stories as story

        shop, mu, chen = self.orgs[0], self.staff["manager"], self.staff["clerk"]
        old = story.in_use(self.doing, mu, shop)
        new = story.revised(self.doing, mu, old, notice_days=10)
        with self.doing(mu) as w:
            draft = story.templating.revise(w, story.get_locked(w.session, story.TermsTemplate, new)).id
        rows = [story.offered(self.doing, chen, shop, new), story.signed(self.doing, chen, story.offered(self.doing, chen, shop, new, "C-0002"))]
        rows += [story.written(self.doing, chen, shop, new, "C-0002"), story.offered(self.doing, chen, shop, new, "C-0002")]
        self.session.rollback()
        return {"template_id": [new, old, draft], "agreement_id": rows}

    def stocked(self):
        """A visit under the signed agreement: a coat with a price and one without, a laptop that waits to be wiped, a half-filled screen
        with a photo, for which a phone was paired; and a closed visit with its receipt."""
        from core.goods.pictures import store_photo
        from market.channels.consignment.agreements.models import Agreement
        from market.channels.consignment.goods import drafting, queries
        from tests import stock_stories as stock
        from tests.stories import picture

        shop, chen = self.orgs[0], self.staff["clerk"]
        self.session.rollback()
        file = self.session.scalars(select(Agreement.consignor_id).where(Agreement.org_id == shop, Agreement.state == "signed")).first()
        self.session.rollback()
        first = stock.begun(self.doing, chen, shop, file)
        made = [stock.taken(self.doing, chen, first, title=f"大衣 {n}") for n in range(2)]
        stock.priced(self.doing, chen, made[0], 19_900)
        made.append(stock.taken(self.doing, chen, first, **stock.laptop_of(1) | {"media": (), "identifiers": {"serial": ["PF9STOCK1"]}}))
        stock.closed(self.doing, chen, first)
        second = stock.begun(self.doing, chen, shop, file)
        with self.app.app_context():
            photo = store_photo(picture())
        with self.doing(chen) as w:
            row = drafting.keep(w, queries.get_intake(w.session, second), "clothing", {"title": "毛衣"}, [photo])
            token = drafting.pair(w, row)
        self.session.rollback()
        return {"intake_id": [second, first], "stock_id": made, "nth": ["0"], "token": [token, *self.values["token"]]}

    def visits(self):
        """Mu's point takes consignment visits until the shop announces its end. Another shop, where Chen helps out, goes on: Alice
        comes there, has called one off, the shop another; a caller comes, too."""
        from market.channels.consignment.visits import actions, offering, receiving
        from tests import visit_stories as story

        shop, chen, fu = self.orgs[0], self.staff["clerk"], self.people.person("Fu")
        other, hours = self.people.organisation("拱墅寄卖店"), dict.fromkeys(range(5), "9:00-12:00")
        self.people.give_role(fu, "shop_manager", other)
        self.people.give_role(chen, "shop_clerk", other)
        with self.doing(self.staff["manager"]) as w:
            offering.offer(w, shop, self.values["point_id"][0], story.offered(hours=hours, places=9))
        point = story.opened(self.doing, fu, other, places=9, not_taken="暂不收羽绒被", not_taken_en="No duvets")
        made = [story.booked(self.doing, self.alice, point, story.slot(day)) for day in (2, 3, 4)]
        made.append(story.booked_for(self.doing, chen, point, story.slot(2, 11)))
        made.append(story.booked(self.doing, self.alice, self.values["point_id"][0], self.weekday()))
        with self.doing(self.alice) as w:
            actions.cancel(w, story.row(w, made[1]))
        with self.doing(chen) as w:
            receiving.call_off(w, story.row(w, made[2]), "full")
        return {"visit_id": made, "point_id": [*self.values["point_id"], point]}

    def weekday(self):
        """Ten o'clock of a day from Monday to Friday."""
        from tests import visit_stories as story

        return next(when for day in range(2, 7) if (when := story.slot(day)).weekday() < 5)

    def sold_online(self):
        """Of the shop's stock three coats are online: one on sale, which Bob asks about, one that he reserved, one that he bought."""
        from tests import online_stories as online
        from tests import stock_stories as stock

        shop, chen = self.orgs[0], self.staff["clerk"]
        visit = stock.begun(self.doing, chen, shop)
        coats = [online.on_floor(self.doing, chen, visit, title=f"羽绒服 {n}", reserve=0) for n in range(3)]
        listings = [online.online(self.doing, chen, one) for one in coats]
        self.bob.client().post(f"/listings/{listings[0]}/talk/{self.bob.id}", data={"body": "还在吗"})
        held, done = (market_stories.ordered(self.doing, one, self.bob) for one in listings[1:])
        market_stories.checked(self.doing, done, self.bob)
        market_stories.sold(self.doing, done, chen)
        self.session.rollback()
        return {
            "stock_id": [*self.values.get("stock_id", []), *coats], "listing_id": [*self.values["listing_id"][:-1], *listings, self.values["listing_id"][-1]],
            "order_id": [*self.values["order_id"], held, done],
        }

    def imported(self):
        """Files of a delivery of the shop's own: being read, with lines that are wrong, being taken in, taken in, and given up."""
        from core.db import get_locked
        from market.channels.consignment.importing import actions, running
        from market.channels.consignment.importing.models import GoodsImport
        from tests import import_stories as importing
        from tests import stock_stories as stocking

        chen, right = self.staff["clerk"], importing.a_line()
        with self.app.app_context():
            visit = stocking.begun(self.doing, chen, self.orgs[0])
            files = [importing.a_file(right, *also) for also in ((importing.a_line(价格="", 备忘="x"),), (right,), (right, right), (right, right, importing.a_line(价格="")), ())]
            rows = [importing.sent(self.doing, self.session, chen, visit, raw) for raw in files]
            for nth, row in enumerate(rows[1:4], start=1):
                importing.ordered(self.doing, chen, row, all_or_nothing=nth < 3)
            for row in rows[2:4]:
                running.take(self.session, row)
            with self.doing(chen) as w:
                actions.give_up(w, get_locked(w.session, GoodsImport, rows[4]))
                reads = importing.actions.Sent(raw=importing.a_file(right, right, right, right))
                rows.append(actions.send(w, get_locked(w.session, stocking.Intake, visit), reads, 4))
        self.session.rollback()
        return {"intake_id": [visit, *self.values["intake_id"]], "import_id": rows}

    def booked(self):
        """Mu's shop takes bookings: Bob's phone is in hand, another one is to come, and a third is to be visited."""
        from tests import booking_stories as booking
        from tests.appraiser_stories import admitted

        shop, manager = self.orgs[0], self.staff["manager"]
        admitted(self.session, shop, org=True)
        with self.doing(manager) as w:
            booking.offering.offer(w, shop, booking.offered(places=9))
            booking.offering.charge(w, shop, booking.charged())
            booking.offering.charge(w, shop, booking.charged(fees={"phone": 6500, "laptop": 8000}))
        imeis, rows = ("490154203237518", "356938035643809", "352099001761481"), []
        for n, imei in enumerate(imeis):
            item_id = booking.phone(self.doing, self.bob, imei)
            visit = {"way": "visit", "district": "330106", "address": "文三路 1 号 2 幢"} if n == 2 else {}
            rows.append(booking.booked(self.doing, self.bob, item_id, shop, booking.slot(3 + n), **visit))
        booking.taken_in(self.doing, self.staff["clerk"], rows[0])
        fourth = booking.phone(self.doing, self.bob, "013977000323877")
        return {"booking_id": rows, "item_id": [*self.values["item_id"], fourth]}

    def consigned(self):
        """The shop has a file of Alice's, which she confirmed; one with Bob's contact, whom it asks; one closed, and one erased."""
        from core.people.rules import read_address
        from market.channels.consignment import actions, delegates, retention, rules, slips
        from market.channels.consignment.models import Consignor
        from tests import consignor_stories as consigning

        shop, chen, mu, made = self.orgs[0], self.staff["clerk"], self.staff["manager"], []
        for nth, who in enumerate((self.alice, self.bob, None, None)):
            contact = read_address(consigning.address_of(self.session, who) if who else "13900001234")
            paper = {"number": consigning.checked(f"3301061980010100{nth}"), "kind": "resident_id"}
            self.session.rollback()
            made.append(consigning.opened(self.doing, chen, shop, contact=contact, **paper))
        four = consigning.checked("33010619800101000")[-4:]
        assert self.alice.client().post(f"/consignments/{made[0]}/confirm", data={"last_four": four}).status_code == 303
        with self.doing(mu) as w:
            mine, *_bobs, closed, old = (w.session.get_one(Consignor, one) for one in made)
            who = delegates.Named(name="林小明", paper=rules.read_paper("passport", "E87654321"), goods=True, money=True)
            ended, token = delegates.name(w, mine, who), slips.make(w, mine)
            delegates.end(w, mine, ended, "mistake")
            live = delegates.name(w, mine, who)
            actions.show_in_full(w, mine, "pay_out")
            actions.close(w, closed)
            actions.close(w, old)
            ids_ = {"consignor_id": made, "delegate_id": [live.id, ended.id], "slip": [token]}
        with self.doing() as w:
            row = w.session.get_one(Consignor, made[3])
            w.now += timedelta(days=1200)
            retention.erase(w, row, 36)
        return ids_

    def priced(self):
        """Things sold elsewhere, of one model enough for a price and of one too few."""
        from appraisal.prices.actions import refit
        from appraisal.prices.importing import bring_in
        from appraisal.prices.models import PriceGuide

        today = clock.local(clock.now()).date()
        rows = [
            f"phone,{model},{2000 + nth * 7},{today - timedelta(days=nth)},2022,{'AB'[nth % 2]}"
            for model, count in (("iPhone 12", 30), ("L20", 2)) for nth in range(count)
        ]  # fmt: skip
        with self.doing() as w:
            bring_in(w, "\n".join(["category,model,price,sold_on,year,grade", *rows]).encode(), "别处的行情")
        refit(self.session, Actor("system:test"), clock.now())
        return {"model_code": list(self.session.scalars(select(PriceGuide.code)))}

    def standards(self):
        """A draft of the laptops' standard; and one of the phones', which waits for another person."""
        from appraisal.standards.models import StandardVersion
        from appraisal.versions import actions
        from appraisal.versions.toml_text import write
        from appraisal.versions.views.common import raw_of

        with self.doing(self.staff["editor"]) as w:
            laptop, phone = actions.begin(w, "xunshi-laptop"), actions.begin(w, "xunshi-phone")
            data = raw_of(phone)
            data["names"] = {"zh": "循市手机细则", "en": "Phones, graded"}
            actions.write(w, phone, write(data))
            actions.hand_in(w, w.session.get_one(StandardVersion, phone.id), "一个更短的名称")
            assert (laptop.version, phone.version) == (3, 2)
            return {"check_code": ["lid"], "count_code": [raw_of(laptop)["counts"][0]["code"]], "version": ["1", "2", "3"]}

    def after_the_sale(self, order_id):
        """Something was wrong with what was bought; a price was named, and a swap proposed."""
        from core.goods.pictures import store_photo
        from core.money import Money
        from market.aftersales import actions
        from market.orders import hiding, offering, swapping
        from market.orders.models import Order, Review

        wanted = market_stories.listed_coat(self.doing, self.alice, title="可议价的大衣")
        given = market_stories.listed_coat(self.doing, self.bob, title="用来换的大衣")
        with self.doing() as w:
            w.session.get_one(Listing, wanted).negotiable = True
        with self.app.app_context():
            digest = store_photo(stories.picture())["sizes"]["large"][0]
        with self.doing(self.alice) as w:
            review = w.session.scalars(select(Review).where(Review.about_id == self.alice.id)).one()
            report = hiding.report(w, review, "我的手机号在里面").id
            review_id = review.id
        with self.doing(self.bob) as w:
            order = w.session.get_one(Order, order_id)
            case = actions.open_case(w, order, kind="refund", ground="not_as_told", words="拉链坏了", amount=100, photos=[digest]).id
            offer = offering.offer(w, w.session.get_one(Listing, wanted), Money(100, "CNY")).id
            swap = swapping.propose(w, w.session.get_one(Listing, wanted), w.session.get_one(Listing, given)).id
        return {"case_id": [case], "offer_id": [offer], "swap_id": [swap], "digest": [digest], "review_id": [review_id], "report_id": [report]}

    def applied(self):
        """Hu applies to appraise; somebody else's file stands."""
        from appraisal.appraisers.queries import find_file

        hu = self.people.person("Hu")
        said = {"words": "验机八年，手机为主。", "kind": "training", "number": "PX2026001", "issuer": "鉴定所", "categories": ["any"], "level": "1"}
        assert hu.client().post("/me/appraiser", data=said).status_code == 303
        self.session.rollback()
        from appraisal.blind.models import BlindCheck
        from appraisal.exam import actions as exams
        from tests.appraiser_stories import references

        kept = references(self.doing, self.staff["administrator"])
        with self.doing(self.staff["appraiser"]) as w:
            exam_id = exams.begin(w, "xunshi-laptop").id
        self.values |= self.appealed()
        blind = self.blind_look(self.values["appraisal_id"][0])
        assert self.session.scalars(select(BlindCheck.id)).all() == [blind]
        return {"blind_id": [blind], "exam_id": [exam_id], "reference_id": kept[:1], "appraiser_id": [find_file(self.session, one).id for one in (self.staff["appraiser"].id, hu.id)]}

    def appealed(self):
        """Alice appeals against a grade of Li's; Hai of another agency is to grade it anew."""
        from appraisal.appeals import actions as appeals
        from appraisal.grades import actions as appraising
        from appraisal.grades.models import Appraisal
        from tests.appraisal_stories import everything_wiped, unasked
        from tests.appraiser_stories import by_grade

        item = stories.laptop(self.doing, self.alice, serial="PF9ZZ904", disks=[])
        with everything_wiped(), unasked(), self.app.app_context(), self.doing(self.staff["appraiser"]) as w:
            made = appraising.begin(w, item, self.orgs[0])
            appraising.sign(w, made, by_grade()["B"])
            made_id, number = made.id, made.number
        self.enter()
        self.staff["reviews an appeal"] = self.people.person("Hai")
        self.people.give_role(self.staff["reviews an appeal"], "appraiser", self.people.organisation("钱江鉴定所", "agency"))
        with self.doing(self.alice) as w:
            appeal_id = appeals.appeal(w, w.session.get_one(Appraisal, made_id), "屏幕没有划痕", ["lid"])
        return {"appeal_id": [appeal_id], "appealed": [number]}

    def blind_look(self, appraisal_id):
        """Li's appraisal is drawn, and the lot falls on Mei."""
        from appraisal.blind import actions as blind
        from appraisal.grades.models import Appraisal

        self.staff["second"] = self.people.person("Mei")
        self.people.give_role(self.staff["second"], "appraiser", self.orgs[0])
        with self.doing() as w:
            made = w.session.get_one(Appraisal, appraisal_id)
            return blind._open(w, made, "ab" * 32, "drawn").id

    def noticed(self, listing_id):
        """What the program asked about, and what waits for staff: of every kind one, or so."""
        from core.db import stamp
        from core.queue.models import QueueEntry
        from market.oversight import flagging, sellers, signalling
        from market.oversight.signal_rules import Figures

        facts = {
            "price": {"price": 100, "currency": "CNY", "side": "low", "basis": "category", "count": 9, "median_twice": 20001, "times": 5, "grade": ""},
            "again": {"sales": 2, "days": 30, "times": 2, "orders": []}, "away": {"people": 2, "lines": 3, "days": 7},
        }  # fmt: skip
        with self.doing() as w, mock.patch.object(sellers, "figures_of", lambda *_: Figures(turnover_minor=9_000_000, sales_year=2)):
            listing = w.session.get_one(Listing, listing_id)
            flags = [flagging.raise_flag(w, kind, listing, self.alice.id, f"town/{kind}", told).id for kind, told in facts.items()]
            words = {"where": "listing", "mark": "x", "found": [], "earlier": [["d_known_faults", "mobile", "138"]], "gone": stamp(w.now)}
            flags.append(flagging.raise_flag(w, "away", listing, self.alice.id, "town/words", words).id)
            signalling.look_at_seller(w, self.alice.id, w.now.year)
        entries = list(self.session.scalars(select(QueueEntry.id).order_by(QueueEntry.id)))
        return {"flag_id": flags, "queue_id": entries, "quarter": ["2026Q3"]}

    def second_persons(self):
        """A maker's declaration and a correction on a certificate, which both wait for another person."""
        from datetime import date

        from privacy.clearance.corrections import actions
        from privacy.clearance.declarations import entering

        given = entering.Given(
            maker_zh="甲公司", maker_en="Maker", brands=["Maker"], platform="android_encrypted", models=["M1"], first="14", until="15", statement_zh="本机恢复出厂设置会销毁密钥。",
            statement_en="A factory reset destroys the keys.", source="https://www.maker.cn/erase", dated=date(2026, 1, 5),
        )  # fmt: skip
        with self.doing(self.staff["reviewer"]) as w:
            entry = entering.propose(w, given, w.now).id
        with self.doing(self.staff["verifier"]) as w:
            paper = w.session.scalars(select(Certificate)).first()
            said = json.loads(paper.body)["item"]["model"]
            words = {"before": said, "after": f"{said} Gen 2", "reason": "typing"}
            one = actions.propose(w, stories.bench(self.app), paper, field="model", signed_in_at=w.now, **words)
            return {"entry_id": [entry], "correction_id": [one.id]}

    def payments(self):
        """Bob is to transfer money to Alice, and has paid another time in cash, of which a part goes back."""
        from core import ids
        from core.money import Money
        from market.payments import actions

        made = {}
        for way in ("bank_transfer", "cash"):
            with self.doing(self.bob) as w:
                price, subject = Money(9900, "CNY"), ids.new_id()
                made[way] = actions.begin(w, provider=way, subject_id=subject, payer_id=self.bob.id, payee_id=self.alice.id, amount=price,
                                          title="大衣", key=subject).id  # fmt: skip
        with self.doing(self.alice) as w:
            actions.both_confirmed(w, actions.locked(w.session, made["cash"]))
            actions.refund(w, actions.locked(w.session, made["cash"]), Money(900, "CNY"), "town", "agreed")
        return {"payment_id": list(made.values())}

    def fees(self):
        """The fees that came with the house, and a draft that changes them."""
        from market.ledger.fees import actions

        actions.keep_policies(self.app.extensions["xunshi_db"])
        with self.doing(self.staff["administrator"]) as w:
            draft = actions.draft(w, "market-business")
            return {"policy_id": [draft.policy_id], "version": ["1", str(draft.version)]}

    def sampled(self):
        """Another cleared laptop is drawn, and a third person could not try; its owner shows a log of her own."""
        from privacy.sampling import actions as sampling
        from privacy.sampling import own, rules
        from privacy.sampling.models import RecoveryTry, SampleCheck, SampleDraw

        bench, sun, disk = stories.bench(self.app), self.people.person("Sun"), [stories.disks()[9]]
        item_id = stories.laptop(self.doing, self.alice, serial="PF9ZZ903", disks=disk)
        stories.clear(self.app, self.doing, item_id, self.alice, self.staff["operator"], self.staff["verifier"], self.orgs[0], disk)
        self.enter()
        self.people.give_role(sun, "wipe_verifier", self.people.organisation("滨江验证点", "agency"))
        with mock.patch.object(rules, "ticket", lambda root, number: 0), self.doing() as w:
            sampling.draw_due(w)
        one = self.session.scalars
        check_id, draw_id = one(select(SampleCheck.id)).first(), one(select(SampleDraw.id)).first()
        with self.doing(sun) as w:
            told = sampling.Told(result="not_done", why="no_tool", report=b"nothing to read it with")
            sampling.try_recovery(w, bench, w.session.get_one(SampleCheck, check_id), told, w.now)
        with self.doing(self.alice) as w:
            own.state(w, bench, self.values["item_id"][0], stories.disks()[8].log)
        self.staff["third"] = sun
        return {"check_id": [check_id], "draw_id": [draw_id], "try_id": [one(select(RecoveryTry.id)).first()]}

    def enter(self):
        """What waits is numbered in the public log, as the clockwork does; returns the size of its checkpoint."""
        with self.doing() as w:
            return sequencing.sequence(w, self.app.extensions["xunshi"])

    def station(self, shop):
        """A bench of the shop whose key signs read-backs."""
        from core.signing import from_seed
        from privacy.readback.keys import prove
        from privacy.readback.stations import enrol

        key = from_seed(bytes(32))
        with self.doing(self.staff["manager"]) as w:
            return enrol(w, shop, name="Bench 2", public_text=key.public.hex(), code="C", signature=prove(key, "C")).id

    def appraisals(self, li, item_id, other):
        client = li.client()
        paths = [client.post(f"/items/{one}/appraise").location.split("/")[-1] for one in (item_id, other)]
        client.post(f"/appraisals/{paths[0]}", data={"what": "sign"})
        return paths

    def devices(self, job_id, wang, shop):
        """Work after a wipe; and a drive that was taken out and destroyed, and waits for a witness."""
        bench, ssd = stories.bench(self.app), stories.disks("ssd")[3]
        item_id = stories.laptop(self.doing, self.alice, serial="PF9ZZ901", disks=[ssd])
        crushed = stories.started(self.doing, item_id, self.alice, wang, shop)
        with self.doing(wang) as w:
            after = after_work.begin(w, w.session.get_one(WipeJob, job_id), purpose="tests").id
            job = w.session.get_one(WipeJob, crushed)
            medium = stories.present_media(w.session, item_id)[0]
            taking_out.take_out(w, bench, job, medium, way="destroy", photo=photo())
            done = taking_out.destroy(w, bench, job, medium, method="shred", millimetres=2, contractor="回收厂", photo=photo())
            return crushed, medium.id, done.id, after

    def photo(self, item_id):
        from core.goods.pictures import add_photo

        with self.app.app_context(), self.doing(self.alice) as w:
            return add_photo(w, w.session.get_one(Item, item_id), photo()).id

    def on_a_list(self):
        """A thing whose number stands on a list."""
        from appraisal.identity import lists
        from appraisal.identity.models import NumberHit

        stories.laptop(self.doing, self.alice, serial="PF9LIST1", disks=[])
        with self.doing() as w:
            lists.load(w, b"number\nPF9LIST1\n", kind="stolen", source="西湖分局", day="2026-11-20")
            return {"hit_id": [w.session.scalars(select(NumberHit.id)).one()]}

    def photo_twin(self, items):
        """Two photos of two things that look the same, says the program."""
        from core.goods.models import ItemPhoto
        from core.queue.models import QueueEntry
        from core.twins import actions
        from core.twins.models import PhotoMark, PhotoTwin

        ids_ = [self.photo(items[0]), self.photo(items[2])]
        with self.doing() as w:
            for one in ids_:
                row = w.session.get_one(ItemPhoto, one)
                file = row.sizes["medium"][0]
                mark = PhotoMark(photo_id=one, kind="item", item_id=row.item_id, file=file, whole="", rough="", taken_by=row.added_by, at=w.now)
                w.session.add(mark)
            w.session.flush()
            actions._ask(w, ids_[0], actions.Found(ids_[1], 3, "cut"))
            twin = w.session.scalars(select(PhotoTwin.id)).one()
        entries = list(self.session.scalars(select(QueueEntry.id).order_by(QueueEntry.id)))
        return {"twin_id": [twin], "place": ["one"], "key": ["photo-with_code", "lid", "starts", "photo-with_code", "serial_matches", "battery_health"], "queue_id": entries}

    def visitors(self, language):
        """(name, client) of everybody."""
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["language"] = language
        yield "anonymous", client
        for name, person in {"owner": self.alice, "buyer": self.bob, **self.staff}.items():
            yield name, person.client(language=language)

    def paths(self):
        """Every GET address with the story's ids filled in; a name the story doesn't know becomes "nothing"."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: rule.rule):
            if "GET" not in (rule.methods or ()) or rule.rule.startswith(("/static", "/language")):
                continue
            known = {name: self.values.get(name, ["nothing"]) for name in rule.arguments}
            if "code" in known:
                known["code"] = ["terms", "privacy"]
            if rule.endpoint == "sell.draft_photo":
                known["number"] = ["0"]
            if rule.endpoint == "proofs.show":
                known.update(size=["medium"], listing_id=self.values["listing_id"][-1:])
            for n in range(max((len(values) for values in known.values()), default=1)):
                filled = {name: values[n % len(values)] for name, values in known.items()}
                with self.app.test_request_context():
                    try:
                        yield self.app.url_for(rule.endpoint, **filled)
                    except ValueError:
                        yield self.app.url_for(rule.endpoint, **dict.fromkeys(filled, 1))
