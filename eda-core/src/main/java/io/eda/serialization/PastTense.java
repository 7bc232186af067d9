package io.eda.serialization;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The past forms of English verbs, as far as events need them. */
final class PastTense {

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
            shoot shot  show shown  shrink shrunk  shut shut  sign_up signed_up  sing sung  sink sunk  sit sat
            sleep slept  slide slid  speak spoken  speed sped  spend spent  spin spun  split split  spread spread
            stand stood  steal stolen  stick stuck  strike struck  swear sworn  sweep swept  swim swum  swing swung
            take taken  teach taught  tear torn  tell told  think thought  throw thrown  undergo undergone
            understand understood  undertake undertaken  undo undone  upset upset  wake woken  wear worn  win won
            wind wound  withdraw withdrawn  withhold withheld  write written
            """);

    /** Common verbs, to find the verb in a name such as 'reserveInventory'. */
    private static final Set<String> REGULAR = Set.of(
            """
            abort accept acknowledge activate add adjust allocate amend apply approve archive arrive assign attach
            authorize award ban block book calculate cancel capture change charge check claim clear close collect commit
            complete confirm connect consume convert copy correct create credit deactivate debit decline decrease delete
            deliver deny deposit detach detect disable discard disconnect dispatch dispute drop edit enable end enrol
            enroll enter escalate exceed execute expire export extend fail fetch finish fulfil fulfill generate grant
            handle hire import increase initiate insert install invite invoice issue join launch link list load lock log
            mark merge migrate modify move notify obtain offer omit open order pack park pause pick place plan post
            prepare print process produce promote publish purchase queue raise rate receive record redeem refer refill
            refund refuse register reject release remove rename renew reopen repair replace reply report request rescind
            reserve resolve restock restore resume retire retry return review revoke rotate save scan schedule score seal
            select ship sign skip start stock stop store submit subscribe supply suspend sync terminate touch track
            transfer trigger try unblock unlock unsubscribe update upgrade upload use validate verify view void wait
            """
                    .strip()
                    .split("\\s+"));

    /** Words in -ed that are no past form. */
    private static final Set<String> NOT_PAST = Set.copyOf(
            words(
                    """
            bed bleed breed embed exceed feed heed hundred need proceed red sacred seed speed succeed weed
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

    static boolean isVerb(String word) {
        String base = base(word);
        return IRREGULAR.containsKey(base) || REGULAR.contains(base);
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
                if (isKnown(stem)) {
                    return stem;
                }
                if (isKnown(stem + "e")) {
                    return stem + "e";
                }
                if (stem.length() > 2 && isKnown(stem.substring(0, stem.length() - 1))) {
                    return stem.substring(0, stem.length() - 1);
                }
            }
        }
        return word;
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
