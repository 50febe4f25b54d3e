"""Words that are tickers, words that never are, and the roots of indexes and futures."""

from decimal import Decimal

from domain.reading.vocabulary import word_set

# Words of an order, and small words, that are tickers too when written in capitals where the ticker belongs.
TICKERS_TOO = word_set("""
    A AGO ALL AM AN ARE ASK BE BIG BIT C CAN CAR CARD CASH COST DAY DTE EAT EDIT F FAST FLAT FOR FUN GAIN GAP GRAB
    GM GO HAS HE HIGH HOPE IMO IT K KEY LOVE LOW M MAN MAIN NEXT NICE NOW ON ONE OPEN OUT P PAY PLAY PM POST
    PUMP R REAL RUN S SEE SO T TEAM TGT TRUE TWO U UP V W WELL X YOU Z
""")
# Small words of talk; in small letters none of them is ever a ticker.
TALK = word_set("""
    about above add after again against ago ah aint also always am and any anyone are around as ask asks back bad be
    been before below best bet bid big both bro but by can cant chart cool could cuz dang dead did didnt do does
    doesnt doing done dont down eh else end er even ever every far fast first flow fomo for free from fun fyi game
    gap get gets getting gg give go going gonna good got great green guess guy ha had has have havent he heat her
    hes hey high him his hit hmm hod hold hope hot how huge idea if imo in into is isnt it its ive jk joke juicy
    just keep kept know last late later left less lets like lmao load lod lol long look looks loss lot love low made
    make man many may maybe me mid might mine miss missed money month more most move much must my nah near need
    never next nfa nice no nope not note now of off oh old on once one only oops or other our over own paper past
    pay people pic plan please pls post pretty print prob pump push put puts quote rally ran rather real red roll
    rolls room run runs said same saw say says see seen she should show sim since sir slow so some soon sorry still
    stock such super sure swept take takes talk test than thank thanks that thats the their them then there these
    they thing think this those though tho time tmrw tomm tomorrow too took top tops tried true try trying ty type
    under until up ur us use very via vol wait want wanted wants was wasnt watch way we week well went were what
    when where which while who why will wins wish wont word would wow wrong yall yeah yep yes yet yikes you your
    youre yup zero nearly fyi icymi psa tldr btw omg wtf ceo cpi ppi gdp fed fomc nfp ipo ath atl vwap otm itm atm
    dte iv oi er pm est cheap nice sweet fat solid clean
""")
# A company's name is not its ticker.
COMPANIES = word_set("""
    apple tesla google amazon microsoft nvidia netflix facebook disney nike visa boeing intel palantir ford
    starbucks walmart costco target alphabet oracle adobe qualcomm paypal shopify spotify airbnb coinbase robinhood
    snowflake micron broadcom pfizer moderna exxon chevron gold silver oil bitcoin ether nasdaq dow russell spoos
    spooz alibaba rivian lucid draftkings pinterest snapchat gamestop marvell caterpillar deere lilly merck pepsi
    coke zoom citi shell chevy nasa fedex hertz sonos chase dollar general dominos wendys kroger chewy carnival
    delta united american southwest honda toyota hershey deckers lulu ross hess toll eli lowe moody
""")
# A share of these has cost far more for years: `BTO NVDA @ 8.40` lacks its strike.
DEAR = word_set("""
    SPY QQQ IWM DIA SMH GLD AAPL MSFT NVDA TSLA META AMZN GOOGL GOOG AMD NFLX AVGO COST LLY COIN MSTR ORCL CRM BA
""")
# One of these costs more than a premium of twenty dollars, too, and less surely.
COSTLY = DEAR | word_set("""
    VOO XLK XBI CRWD PANW NOW LULU ADBE INTU UNH GS MELI BKNG REGN ISRG TMO DE CAT HD LMT NOC RTX GD SPOT TEAM SNOW
    DDOG ZS MDB NET ABNB SHOP PLTR ARM MU TSM ASML AMAT LRCX KLAC QCOM TXN ADI CEG VST GEV GE HON UNP FDX UPS MA V AXP
    JPM MCD WMT TGT LOW DIS PEP PG JNJ ABBV AMGN VRTX GILD MRK BIIB CVX XOM FSLR APP RDDT DUOL CVNA RCL MAR HLT ROKU
    HOOD CRCL ANET DELL IBM ACN VRT MRVL TTWO EA XYZ WDAY HUBS OKTA TWLO DASH EXPE ULTA DG BURL ROST TJX SBUX YUM CMG
    PH ETN EMR ITW MMM SHW LIN APD NUE STLD AEM NEM CME ICE SPGI MCO BLK MS BX KKR APO COF PNC TRV ALL PGR CB ELV CI
    HUM MCK ZTS SYK BDX BSX EW DHR WSM DKS KMX AZO ORLY CTAS ADP FICO LMND ENPH AXON TDG HEI PWR DPZ WDC STX
""")
DEAREST_OPTION = Decimal(40)  # hardly any premium is higher
INDEXES = frozenset({"SPX", "SPXW", "NDX", "NDXP", "RUT", "RUTW", "VIX", "VIXW", "XSP", "DJX", "XND", "MRUT"})
# Lines of a chart: "LONG 200 SMA @ 14.22".
INDICATORS = word_set("EMA SMA DMA WMA HMA VWAP ATR HOD LOD")
FUTURE_ROOTS_ONLY = frozenset(
    {"MES", "MNQ", "M2K", "MYM", "MCL", "MGC", "NQ", "RTY", "ES", "YM", "CL", "GC", "NG", "ZB", "ZN"}
)
