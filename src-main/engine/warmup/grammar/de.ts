import type { Grammar } from './grammar.ts'

export const german: Grammar = {
  greeting: '{Hallo|Hi|Guten Morgen|Guten Tag|Moin} [name],',
  topics: [
    {
      subject: '{Mittagessen|Mittag am [weekday]|[weekday] um zwölf|Essen diese Woche|Kurz etwas essen}{|?}',
      opening:
        '{am [weekday] habe ich mittags eine Stunde frei|mein [weekday] ist ruhiger als gedacht|wir waren schon {lange|seit Wochen|ewig} nicht mehr zusammen essen|ich bin am [weekday] {bei dir in der Nähe|in deinem Viertel|gleich um die Ecke}}.',
      detail:
        '{Das kleine Lokal am Bahnhof hat eine neue Karte|Die Bäckerei hinter der Brücke kocht jetzt auch Suppe|Zwei Straßen vom Markt habe ich einen ruhigen Tisch entdeckt|Der Garten vom alten Gasthof ist wieder offen}, und {allein die Suppe lohnt den Weg|vor eins ist es dort nie voll|es geht dort schnell|ich will schon {länger|seit Wochen} einmal hin}.',
      question:
        '{Würde dir das passen|Soll ich einen Tisch bestellen|Hast du Zeit|Bist du dabei}, {oder ist die Woche zu voll|oder lieber an einem anderen Tag|so gegen halb eins|oder nehmen wir die nächste Woche}?',
    },
    {
      subject:
        '{Notizen vom [weekday]|Das Protokoll|Unser Gespräch am [weekday]|Was wir besprochen haben|Kurze Zusammenfassung}',
      opening:
        '{ich bin meine Notizen vom [weekday] durchgegangen|hier steht, was ich aus unserem Gespräch behalten habe|die Punkte aus der Runde habe ich aufgeschrieben|bevor ich die Hälfte vergesse, ein paar Worte zum [weekday]}.',
      detail:
        '{Der erste Entwurf darf grob sein, wenn er nur vollständig ist|Die Reihenfolge der Kapitel bleibt, nur die Einleitung wandert|Du kümmerst dich um die Bilder, ich mache die Tabellen|Zuerst geht die kurze Fassung hinaus, die lange kommt später}; {alles andere hat bis nächsten Monat Zeit|mehr wurde nicht entschieden|der Rest ist noch offen|hoffentlich hast du es auch so in Erinnerung}.',
      question:
        '{Habe ich etwas vergessen|Hast du es auch so verstanden|Fehlt dir noch ein Punkt|Stimmen die Termine so}?',
    },
    {
      subject: '{Ein Buch für dich|Das Buch|Lesestoff für die Bahn|Etwas zum Lesen|Das Buch von neulich}',
      opening:
        '{gestern Abend habe ich das Buch über {Häfen|Gärten|alte Karten|Brücken} ausgelesen|du hattest nach etwas für die Bahnfahrt gefragt|mir ist ein Buch in die Hände gefallen, bei dem ich an dich denken musste|in der Bücherei stand der Band, von dem wir sprachen}.',
      detail:
        '{Es fängt gemächlich an, aber ab dem dritten Kapitel konnte ich nicht mehr aufhören|Die eine Hälfte handelt von Briefen, die andere von denen, die sie getragen haben|Der Autor geht einen Fluss entlang und erzählt, was an seinen Ufern geschah|Es ist kurz und lustiger, als der Umschlag vermuten lässt}{. Eine Stelle habe ich dir angestrichen|. Die Zeichnungen sind wunderschön|, und der Schluss hat mich überrascht|}.',
      question:
        '{Soll ich es dir am [weekday] mitbringen|Möchtest du es leihen|Kennst du es schon|Willst du es als Nächstes haben}?',
    },
    {
      subject:
        '{Der Termin|[weekday] oder später|Kleine Verschiebung|Eine Änderung|Nächste Woche}{| noch einmal}',
      opening:
        '{am [weekday] ist mir etwas dazwischengekommen|mein Kalender hat sich ein wenig verschoben|der Raum ist am [weekday] belegt|am [weekday] muss ich früher los}{, tut mir leid|, leider|}.',
      detail:
        '{Der Vormittag ginge bei mir noch|Eine Stunde später wäre kein Problem|Wir können auch kurz telefonieren|Ich kann alles am Tag davor vorbereiten}, {dann geht nichts verloren|und den anderen ist es recht|wenn dir das lieber ist|und eine halbe Stunde müsste reichen}.',
      question:
        '{Was passt dir am besten|Kannst du damit leben|Was ist dir lieber|Gibt es eine Zeit, die dir besser liegt}?',
    },
    {
      subject:
        '{Der Entwurf|Ein zweiter Blick|Deine Meinung|Zwei Seiten zum Gegenlesen|Der Text für [weekday]}',
      opening:
        '{der Entwurf ist fast fertig|seit Tagen drehe ich an demselben Satz|der Text für [weekday] ist auf [number] Seiten gewachsen|die zweite Hälfte habe ich auf ein Drittel gekürzt}.',
      detail:
        '{Unsicher bin ich beim Anfang, der steifer klingt als gedacht|Die Mitte zieht sich etwas, und ich sehe nicht, warum|Die Überschrift passt noch immer nicht|Einen Absatz mag ich sehr, und alle anderen wollen ihn streichen}. {Du hast dafür das bessere Ohr|Mehr als zehn Minuten brauchst du nicht|Es eilt überhaupt nicht|Von dir höre ich es am liebsten}.',
      question:
        '{Magst du einmal darüberschauen|Darf ich ihn dir vorlesen|Kann ich ihn dir am [weekday] geben|Hast du dafür einen ruhigen Moment}?',
    },
    {
      subject:
        '{Wie läuft der Umzug|Das neue Büro|Überall Kisten|Langsam eingelebt|Dein neuer Schreibtisch}{|?}',
      opening:
        '{wie ich höre, ist der Umzug geschafft|der ganze Flur steht voller Kisten|langsam leben wir uns in den neuen Räumen ein|jemand hat erzählt, dass du jetzt ein Fenster hast}.',
      detail:
        '{Das Licht ist viel besser, nur der Aufzug ist langsam|Die Küche ist klein, aber der Kaffee schmeckt besser|Die Hälfte der Pflanzen hat es überstanden, die anderen erholen sich|Nachmittags spielt nebenan jemand Klavier, und gar nicht schlecht}, {und niemand findet den Locher|und mir gefällt es jeden Tag besser|das ist mehr, als ich erwartet hatte|komm es dir am besten selbst ansehen}.',
      question:
        '{Wie ist es bei dir|Hast du schon ausgepackt|Wann kommst du vorbei|Fehlt dir der alte Platz}?',
    },
    {
      subject: '{Das Wochenende|Ein Spaziergang am [weekday]|Am See|Wenn das Wetter hält|Raus aus der Stadt}',
      opening:
        '{die Vorhersage fürs Wochenende ist besser als gedacht|wir waren am [weekday] am See|endlich habe ich das alte Fahrrad repariert|die Kinder wollen vor dem Winter noch in den Wald}.',
      detail:
        '{Am Wasser entlang führt ein Weg von etwa zwei Stunden|Vom Hügel hinter der Mühle sieht man am weitesten|Das Café am Steg hat noch bis Monatsende offen|Hin kann man mit der Bummelbahn fahren und zurück laufen}{, und der Hund hätte seine Freude|. Brote würden wir mitbringen|, mit einer Pause auf halber Strecke|. Es ist fast überall eben}.',
      question:
        '{Magst du mitkommen|Hast du da frei|Machen wir einen Ausflug daraus|Kennst du den Weg dorthin}?',
    },
  ],
  aside:
    '{Übrigens: {deine Idee mit den Etiketten hat gut funktioniert|der Drucker geht wieder|dein Schirm steht noch bei mir|Martha lässt dich grüßen}.|{Hier regnet es seit [weekday]|Die Tage werden merklich kürzer|Ich suche noch immer einen guten Tee|Die Bahn kommt wieder zu spät, also gehe ich zu Fuß}.|{Noch einmal danke für deine Hilfe neulich|Auf deine letzte Frage schulde ich dir noch eine Antwort|Dein Rat mit dem Garten war richtig|Deinen Stift vergesse ich jedes Mal}.}',
  closing:
    '{Melde dich, wenn du kannst|Lass dir Zeit|Es eilt nicht|Eine kurze Zeile genügt|Bis [weekday] bin ich hier|Ich freue mich, von dir zu hören|Bis bald|Hab einen guten Tag}{.|, und alles Gute für heute.|, wie immer.}',
  signOff:
    '{Viele Grüße|Beste Grüße|Liebe Grüße|Herzliche Grüße|Schöne Grüße|Danke und Gruß|Bis dann}{,\n[sender]|\n[sender]}',
  answer: {
    opening:
      '{danke für deine Nachricht|schön, von dir zu hören|das ging schnell, danke|danke, dass du daran gedacht hast|gut, dass du schreibst|du warst schneller als ich}{.|, ich wollte mich auch gerade melden.|, und entschuldige die Wartezeit.|, das hilft mir.}',
    detail:
      '{{Ja, das passt mir|Das kommt mir gelegen|Ich bin dabei|Das würde mich freuen}, {[weekday] ist gut|ab zehn geht es jederzeit|ich muss nur um drei zurück sein|ich trage es für [weekday] ein}.|{Eine Sache muss ich noch klären|Ich frage kurz die anderen|Beim [weekday] bin ich noch unsicher}, {aber morgen weiß ich mehr|dann melde ich mich|klingt aber gut}.|{Ich sehe das genauso|Damit hast du recht|So hatte ich es noch nicht betrachtet|So habe ich es auch in Erinnerung}, {also lassen wir es dabei|ich würde nichts ändern|nur der letzte Teil könnte kürzer sein|und der Rest hat Zeit}.|{Diese Woche ist schwierig|Bis [weekday] bin ich unterwegs|Gerade ist es etwas viel}, {wie wäre es in der Woche darauf|nächste Woche habe ich viel Luft|macht es diesmal ruhig ohne mich}.}',
    closing:
      '{Soll ich etwas mitbringen|Hilft dir das|Ist dir das recht|Reicht das so|Brauchst du noch etwas von mir}?{| Sonst bis dahin.| Ich bin den ganzen Tag da.| Bis dahin alles Gute.}',
  },
  attribution: '[name] schrieb:',
}
