import tests.market.payments.test_property as t, collections
C=collections.Counter()
orig=t.World.do
def do(self, what, n=0, *w):
    step=getattr(self,f"do_{what}")
    if what in ("refund","release","comes_back","dispute") and n not in self.intents: C[what,"skip"]+=1; return
    try: step(n,*w); C[what,"ok"]+=1
    except t.Refused as e: C[what,e.code]+=1; self.session.rollback()
t.World.do=do
from tests.market.payments.test_property import *
import atexit
atexit.register(lambda: print(C))
