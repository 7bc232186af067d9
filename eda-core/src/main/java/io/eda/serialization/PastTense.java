package io.eda.serialization;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The past forms of English verbs, as far as events need them. */
final class PastTense {

    /** The doubt about a word of which nothing is known, see {@link #doubtAsVerb}. */
    static final int UNKNOWN = 3;

    /** The doubt about 'order' and its like. */
    static final int RATHER_NOUN = 2;

    /** Base and past participle, where it is not base + "ed" by the rules of {@link #regular}. */
    private static final Map<String, String> IRREGULAR = pairs(
            """
            arise arisen  be been  bear borne  beat beaten  become become  begin begun  bend bent  bet bet  bid bid
            bind bound  break broken  bring brought  broadcast broadcast  build built  burst burst  buy bought
            catch caught  choose chosen  come come  cost cost  cut cut  deal dealt  dig dug  do done  draw drawn
            drink drunk  drive driven  eat eaten  fall fallen  feed fed  feel felt  fight fought  find found  fly flown
            forbid forbidden  forget forgotten  forgive forgiven  freeze frozen  get got  give given  go gone  grow grown
            hang hung  have had  hear heard  hide hidden  hit hit  hold held  hurt hurt  keep kept  know known  lay laid
            lead led  learn learnt  leave left  lend lent  let let  lie lain  light lit  lose lost  make made  mean meant
            meet met  offset offset  outbid outbid  overdraw overdrawn  override overridden  oversell oversold
            overwrite overwritten  pay paid  prove proven  put put  quit quit  read read  rebuild rebuilt  repay repaid
            resell resold  resend resent  reset reset  rethink rethought  rewrite rewritten  ride ridden  ring rung
            rise risen  run run  say said  see seen  seek sought  sell sold  send sent  set set  shed shed  shine shone
            shoot shot  show shown  shrink shrunk  shut shut  signup signed_up  sing sung  sink sunk  sit sat
            sleep slept  slide slid  speak spoken  speed sped  spend spent  spin spun  split split  spread spread
            stand stood  steal stolen  stick stuck  strike struck  swear sworn  sweep swept  swim swum  swing swung
            take taken  teach taught  tear torn  tell told  think thought  throw thrown  undergo undergone
            understand understood  undertake undertaken  undo undone  upset upset  wake woken  wear worn  win won
            wind wound  withdraw withdrawn  withhold withheld  write written  bite bitten  bleed bled  blow blown
            breed bred  checkin checked_in  checkout checked_out  flee fled  forecast forecast  foresee foreseen
            login logged_in  logout logged_out  mislead misled  mistake mistaken  overcome overcome  overpay overpaid
            overspend overspent  prepay prepaid  rerun rerun  retake retaken  shake shaken  swell swollen
            approval approved  cancellation cancelled  creation created  deletion deleted  failure failed
            registration registered  rejection rejected  unbind unbound  underpay underpaid  unfreeze unfrozen  uphold upheld  weave woven  withstand withstood
            """);

    /** Common verbs, to find the verb in a name such as 'reserveInventory'. */
    private static final Set<String> REGULAR = Set.of(
            """
            abort accept acknowledge activate add adjust allocate amend apply approve archive arrive assign attach
            authorize award ban block book calculate cancel capture change charge check claim clear close collect commit
            complete confirm connect consume convert copy correct create credit deactivate debit decline decrease delete
            deliver deny deposit detach detect disable discard disconnect dispatch dispute drop edit embed enable end enrol
            enroll enter escalate exceed execute expire export extend fail fetch finish fulfil fulfill generate grant
            handle hire import increase initiate insert install invite invoice issue join launch link list load lock log
            mark merge migrate modify move need notify obtain offer omit open order pack park pause pick place plan post
            prepare print process produce promote publish purchase queue raise rate receive record redeem refer refill
            refund refuse register reject release remove rename renew reopen repair replace reply report request rescind
            reserve resolve restock restore resume retire retry return review revoke rotate save scan schedule score seal
            seed select ship sign skip start stock stop store submit subscribe succeed supply suspend sync terminate touch track
            transfer trigger try unblock unlock unsubscribe update upgrade upload use validate verify view void wait
            """
                    .strip()
                    .split("\\s+"));

    /** Verbs that name things as well, so that another word of the name is rather the verb. */
    private static final Set<String> ALSO_NOUNS = Set.copyOf(
            words(
                    """
            answer approval bet bid block book broadcast build cancellation catch change charge check checkin
            checkout claim copy cost creation credit cut deal debit deletion deposit dispute drink drive drop export
            failure fall feed fetch fight find forecast grant hit import issue launch link list load lock log login
            logout mark offer offset pack park pause place plan post process produce promote purchase rate record
            refund registration rejection release reply report request return review ride ring run scan schedule
            score seal show sign signup split stand start stop store submit supply swing touch track transfer
            trigger try update upgrade use view wait wind
            """));

    /** Verbs that hardly ever are the verb of an event. */
    private static final Set<String> RATHER_NOUNS =
            Set.of("order", "invoice", "stock", "queue", "document", "light", "lead", "lie");

    private static final Set<String> PARTICLES = Set.of("up", "out", "in", "off", "on", "down", "back", "over", "away");

    /** Words in -ed that are no past form. */
    private static final Set<String> NOT_PAST = Set.copyOf(
            words(
                    """
            bed bleed breed embed exceed feed heed hundred need proceed red sacred seed shred speed succeed weed
            wicked
            """));

    private static final Set<String> DOUBLING = Set.copyOf(
            words(
                    """
            admit ban cancel chat clip commit control drop enrol equip flag fulfil grab label log map occur omit
            patrol permit pin plan plug prefer refer scan ship shop skip stop strip submit swap tag tap transfer
            transmit trap travel trim unpin unplug wrap zip
            """));

    private static final Pattern CONSONANT_Y = Pattern.compile(".*[^aeiou]y");

    private PastTense() {}

    static boolean isPast(String word) {
        return IRREGULAR.containsValue(word) || (word.length() > 3 && word.endsWith("ed") && !NOT_PAST.contains(word));
    }

    static boolean isParticle(String word) {
        return PARTICLES.contains(word);
    }

    static boolean isVerb(String word) {
        return isKnown(base(word));
    }

    /** Returns 0 for what is a verb and nothing else, and more the less likely {@code word} is the verb of a name. */
    static int doubtAsVerb(String word) {
        String base = base(word);
        if (!isKnown(base)) {
            return UNKNOWN;
        }
        return RATHER_NOUNS.contains(base) ? RATHER_NOUN : ALSO_NOUNS.contains(base) ? 1 : 0;
    }

    /** Returns the past participle of {@code word}: a base form, or one in -s or -ing; a past form stays. */
    static String of(String word) {
        if (isPast(word)) {
            return word;
        }
        String base = base(word);
        String irregular = IRREGULAR.get(base);
        return irregular != null ? irregular : regular(base);
    }

    private static String regular(String base) {
        if (base.endsWith("e")) {
            return base + "d";
        }
        if (CONSONANT_Y.matcher(base).matches()) {
            return base.substring(0, base.length() - 1) + "ied";
        }
        return DOUBLING.contains(base) ? base + base.charAt(base.length() - 1) + "ed" : base + "ed";
    }

    /** Undoes -s and -ing where a known verb remains. */
    private static String base(String word) {
        if (isKnown(word)) {
            return word;
        }
        for (String ending : new String[] {"s", "es", "ing"}) {
            if (word.endsWith(ending)) {
                String stem = word.substring(0, word.length() - ending.length());
                for (String base : new String[] {stem, stem + "e", single(stem), stem.replaceFirst("i$", "y")}) {
                    if (isKnown(base) && !(ending.equals("s") && base.equals(stem + "e"))) {
                        return base;
                    }
                }
            }
        }
        return word;
    }

    /** Undoes the doubling in 'shipping'. */
    private static String single(String stem) {
        int last = stem.length() - 1;
        return last > 0 && stem.charAt(last) == stem.charAt(last - 1) ? stem.substring(0, last) : stem;
    }

    private static boolean isKnown(String word) {
        return IRREGULAR.containsKey(word) || REGULAR.contains(word);
    }

    private static Map<String, String> pairs(String text) {
        List<String> words = words(text);
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i < words.size(); i += 2) {
            pairs.put(words.get(i), words.get(i + 1));
        }
        return pairs;
    }

    private static List<String> words(String text) {
        return Pattern.compile("\\s+").splitAsStream(text.strip()).toList();
    }
}
