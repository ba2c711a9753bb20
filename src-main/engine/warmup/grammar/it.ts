import type { Grammar } from './grammar.ts'

export const italian: Grammar = {
  greeting: '{Ciao|Buongiorno|Salve|Buon pomeriggio|Ehi} [name],',
  topics: [
    {
      subject:
        '{Pranzo|Pranzo [weekday]|[weekday] a mezzogiorno|Mangiamo insieme|A pranzo questa settimana}{|?}',
      opening:
        '{[weekday] a mezzogiorno ho un’ora libera|il mio [weekday] è più tranquillo del previsto|sono {mesi|settimane|secoli} che non pranziamo insieme|[weekday] sono {vicino al tuo ufficio|dalle tue parti|proprio dietro l’angolo}}.',
      detail:
        '{Il piccolo locale della stazione ha cambiato menù|Il forno dopo il ponte adesso fa anche la zuppa|Ho trovato un posto tranquillo a due vie dal mercato|Il giardino della vecchia locanda ha riaperto}, e {già la zuppa vale la strada|prima dell’una non c’è mai folla|sono veloci|volevo provarlo da {tempo|settimane}}.',
      question:
        '{Ti andrebbe bene|Prenoto un tavolo|Hai tempo|Vieni anche tu}, {o la settimana è troppo piena|o meglio un altro giorno|diciamo verso mezzogiorno e mezzo|o facciamo la settimana prossima}?',
    },
    {
      subject:
        '{Appunti di [weekday]|Il verbale|Il nostro incontro di [weekday]|Quello che abbiamo deciso|Un breve riassunto}',
      opening:
        '{ho riletto i miei appunti di [weekday]|ecco che cosa ho tratto dal nostro incontro|ho messo per iscritto i punti della riunione|prima di dimenticarne la metà, due parole su [weekday]}.',
      detail:
        '{La prima bozza può essere grezza, purché sia completa|L’ordine dei capitoli resta, si sposta solo l’introduzione|Tu ti occupi delle immagini e io delle tabelle|Prima esce la versione breve, poi quella lunga}; {il resto può aspettare il mese prossimo|altro non è stato deciso|tutto il resto è ancora aperto|spero che tu lo ricordi allo stesso modo}.',
      question:
        '{Ho dimenticato qualcosa|Lo hai capito così anche tu|Aggiungeresti un punto|Le date sono giuste}?',
    },
    {
      subject:
        '{Un libro per te|Quel libro|Da leggere in treno|Qualcosa da leggere|Il libro dell’altro giorno}',
      opening:
        '{ieri sera ho finito il libro {sui porti|sui giardini|sulle vecchie mappe|sui ponti}|mi avevi chiesto qualcosa da leggere in treno|ho trovato un libro che mi ha fatto pensare a te|in biblioteca c’era il volume di cui parlavamo}.',
      detail:
        '{Comincia piano, ma dal terzo capitolo non riuscivo a smettere|Metà parla di lettere, metà di chi le portava|L’autore segue un fiume e racconta ciò che è successo sulle sue rive|È breve, e più divertente della sua copertina}{. Ti ho segnato una pagina|. I disegni sono bellissimi|, e la fine mi ha sorpreso|}.',
      question: '{Te lo porto [weekday]|Lo vuoi in prestito|Lo hai già letto|Lo vuoi tu dopo di me}?',
    },
    {
      subject:
        '{L’appuntamento|[weekday] o più tardi|Spostiamo un po’|Un piccolo cambiamento|La settimana prossima}{| di nuovo}',
      opening:
        '{[weekday] ho avuto un imprevisto|la mia agenda si è spostata un po’|la sala [weekday] è occupata|[weekday] devo uscire prima}{, mi dispiace|, purtroppo|}.',
      detail:
        '{La mattina andrebbe ancora bene|Un’ora più tardi non sarebbe un problema|Possiamo anche parlarne al telefono|Posso preparare tutto il giorno prima}, {così non si perde niente|e agli altri va bene|se per te è più comodo|e mezz’ora dovrebbe bastare}.',
      question: '{Che cosa ti va meglio|Può andare così|Che cosa preferisci|C’è un orario migliore per te}?',
    },
    {
      subject: '{La bozza|Un secondo sguardo|Il tuo parere|Due pagine da leggere|Il testo di [weekday]}',
      opening:
        '{la bozza è quasi pronta|da giorni rigiro la stessa frase|il testo di [weekday] è arrivato a [number] pagine|ho ridotto la seconda metà a un terzo}.',
      detail:
        '{Non mi convince l’inizio, che suona più rigido di quanto volessi|La parte centrale è lenta e non capisco perché|Il titolo continua a non andare|C’è un paragrafo che mi piace e che tutti gli altri vogliono togliere}. {Tu hai più orecchio di me|Ti basterebbero dieci minuti|Non c’è nessuna fretta|Preferisco sentirlo da te}.',
      question: '{Ci dai un’occhiata|Posso leggertelo|Te la lascio [weekday]|Hai un momento tranquillo}?',
    },
    {
      subject:
        '{Come va il trasloco|Il nuovo ufficio|Scatole ovunque|Ci stiamo sistemando|La tua nuova scrivania}{|?}',
      opening:
        '{ho sentito che il trasloco è finito|tutto il piano è pieno di scatole|piano piano ci abituiamo alle nuove stanze|qualcuno mi ha detto che adesso hai una finestra}.',
      detail:
        '{La luce è molto migliore, anche se l’ascensore è lento|La cucina è piccola, ma il caffè è migliorato|Metà delle piante ce l’ha fatta, le altre si riprendono|Nel pomeriggio un vicino suona il pianoforte, e neanche male}, {e nessuno trova la cucitrice|e mi piace ogni giorno di più|ed è più di quanto sperassi|quindi vieni a vedere}.',
      question:
        '{Come va da te|Hai già svuotato le scatole|Quando passi a trovarci|Ti manca il posto di prima}?',
    },
    {
      subject: '{Il fine settimana|Una passeggiata [weekday]|Al lago|Se il tempo tiene|Fuori città}',
      opening:
        '{le previsioni per il fine settimana sono migliori del solito|[weekday] eravamo al lago|finalmente ho aggiustato la vecchia bicicletta|i bambini vogliono vedere il bosco prima dell’inverno}.',
      detail:
        '{Lungo l’acqua c’è un sentiero di circa due ore|La collina dietro il mulino ha la vista più bella|Il caffè del molo resta aperto fino a fine mese|Si può andare con il trenino e tornare a piedi}{, e il cane sarebbe felice|. Porteremmo dei panini|, con una sosta a metà strada|. È quasi tutto in piano}.',
      question: '{Vuoi venire anche tu|Hai tempo quel giorno|Ci passiamo la giornata|Conosci la strada}?',
    },
  ],
  aside:
    '{A proposito, {la tua idea delle etichette ha funzionato|la stampante va di nuovo|ho ancora qui il tuo ombrello|Marta ti saluta}.|{Qui piove da [weekday]|Le giornate si accorciano, si vede|Cerco ancora un buon tè|Il tram è di nuovo in ritardo, quindi vado a piedi}.|{Grazie ancora per il tuo aiuto dell’altro giorno|Ti devo una risposta alla tua ultima domanda|Il tuo consiglio sul giardino era giusto|Dimentico sempre di ridarti la penna}.}',
  closing:
    '{Fammi sapere quando puoi|Prenditi il tempo che serve|Non c’è fretta|Basta una riga|Sono qui fino a [weekday]|Aspetto tue notizie|A presto|Buona giornata}{.|, e in bocca al lupo per oggi.|, come sempre.}',
  signOff:
    '{Un saluto|Saluti|Cari saluti|Grazie mille|Un abbraccio|A dopo|Stammi bene}{,\n[sender]|\n[sender]}',
  answer: {
    opening:
      '{grazie del messaggio|che bello leggerti|che velocità, grazie|grazie per averci pensato|hai fatto bene a scrivere|sei stato più svelto di me}{.|, stavo per scriverti anch’io.|, e scusa l’attesa.|, mi aiuta molto.}',
    detail:
      '{{Sì, per me va bene|Mi viene comodo|Ci sono|Mi farebbe piacere}, {[weekday] è perfetto|dopo le dieci quando vuoi|devo solo rientrare per le tre|lo segno per [weekday]}.|{Prima devo controllare una cosa|Chiedo agli altri|Su [weekday] non sono ancora sicuro}, {ma domani ti dico|e poi ti faccio sapere|però mi sembra una buona idea}.|{La vedo allo stesso modo|Su questo hai ragione|Non ci avevo pensato|Me lo ricordo così anch’io}, {quindi lasciamo tutto com’è|e non cambierei nulla|solo la fine potrebbe essere più breve|e il resto può aspettare}.|{Questa settimana è difficile|Sono via fino a [weekday]|In questo momento ho un po’ troppo da fare}, {facciamo quella dopo|ma la prossima ho tempo|questa volta andate pure senza di me}.}',
    closing:
      '{Porto qualcosa|Ti è utile|Per te va bene|Può bastare|Ti serve altro da me}?{| Altrimenti ci vediamo allora.| Sono qui tutto il giorno.| Fino ad allora, stammi bene.}',
  },
  attribution: '[name] ha scritto:',
}
