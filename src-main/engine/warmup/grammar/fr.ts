import type { Grammar } from './grammar.ts'

export const french: Grammar = {
  greeting: '{Bonjour|Salut|Coucou|Bonjour à toi|Hello} [name],',
  topics: [
    {
      subject: '{Déjeuner|Déjeuner [weekday]|[weekday] midi|On mange ensemble|Un midi cette semaine}{| ?}',
      opening:
        '{j’ai une heure de libre [weekday] midi|mon [weekday] est plus calme que prévu|cela fait {longtemps|des semaines|un bon mois} que nous n’avons pas déjeuné ensemble|je serai {près de chez toi|dans ton quartier|à deux pas de ton bureau} [weekday]}.',
      detail:
        '{Le petit restaurant de la gare a changé sa carte|La boulangerie après le pont sert maintenant de la soupe|J’ai trouvé un endroit tranquille à deux rues du marché|Le jardin de la vieille auberge a rouvert}, et {la soupe vaut à elle seule le détour|il n’y a jamais foule avant une heure|le service est rapide|j’ai envie d’y aller depuis {longtemps|des semaines}}.',
      question:
        '{Est-ce que cela t’irait|Je réserve une table|Tu as le temps|Tu viens}, {ou la semaine est-elle trop chargée|ou plutôt un autre jour|disons vers midi et demi|ou la semaine prochaine} ?',
    },
    {
      subject:
        '{Notes de [weekday]|Le compte rendu|Notre discussion de [weekday]|Ce que nous avons décidé|Petit résumé}',
      opening:
        '{j’ai relu mes notes de [weekday]|voici ce que j’ai retenu de notre discussion|j’ai mis par écrit les points de la réunion|avant d’en oublier la moitié, quelques mots sur [weekday]}.',
      detail:
        '{La première version peut rester brute, pourvu qu’elle soit complète|L’ordre des chapitres ne bouge pas, seule l’introduction change de place|Tu t’occupes des images et moi des tableaux|La version courte part d’abord, la longue suivra} ; {le reste peut attendre le mois prochain|rien d’autre n’a été décidé|tout le reste est encore ouvert|j’espère que tu t’en souviens ainsi}.',
      question:
        '{Ai-je oublié quelque chose|As-tu compris la même chose|Veux-tu ajouter un point|Les dates sont-elles bonnes} ?',
    },
    {
      subject:
        '{Un livre pour toi|Ce livre|De la lecture pour le train|Quelque chose à lire|Le livre dont je parlais}',
      opening:
        '{j’ai fini hier soir le livre sur les {ports|jardins|vieilles cartes|ponts}|tu cherchais quelque chose à lire dans le train|je suis tombé sur un livre qui m’a fait penser à toi|la bibliothèque avait le volume dont nous parlions}.',
      detail:
        '{Le début est lent, mais à partir du troisième chapitre on ne le lâche plus|Une moitié parle de lettres, l’autre de ceux qui les portaient|L’auteur suit un fleuve et raconte ce qui s’est passé sur ses rives|Il est court, et plus drôle que sa couverture}{. J’ai marqué une page|. Les dessins sont superbes|, et la fin m’a surpris|}.',
      question: '{Je te l’apporte [weekday]|Tu veux l’emprunter|Tu l’as déjà lu|Tu veux être le prochain} ?',
    },
    {
      subject:
        '{Le rendez-vous|[weekday] ou plus tard|On décale un peu|Un petit changement|La semaine prochaine}{| encore}',
      opening:
        '{j’ai un empêchement [weekday]|mon agenda a un peu bougé|la salle est prise [weekday]|je dois partir plus tôt [weekday]}{, désolé|, malheureusement|}.',
      detail:
        '{La matinée resterait possible pour moi|Une heure plus tard ne poserait pas de problème|Nous pouvons aussi en parler au téléphone|Je peux tout préparer la veille}, {ainsi rien n’est perdu|et cela convient aux autres|si c’est plus simple pour toi|et une demi-heure devrait suffire}.',
      question:
        '{Qu’est-ce qui t’arrange le mieux|Est-ce que cela te va|Que préfères-tu|Y a-t-il une heure plus commode pour toi} ?',
    },
    {
      subject: '{Le brouillon|Un second regard|Ton avis|Deux pages à relire|Le texte de [weekday]}',
      opening:
        '{le brouillon est presque fini|je tourne autour de la même phrase depuis des jours|le texte de [weekday] est passé à [number] pages|j’ai réduit la seconde partie au tiers}.',
      detail:
        '{C’est le début qui me gêne, il sonne plus raide que voulu|Le milieu traîne un peu et je ne vois pas pourquoi|Le titre ne convient toujours pas|Il y a un paragraphe que j’aime et que tous les autres veulent couper}. {Tu as l’oreille plus fine que moi|Dix minutes te suffiraient|Rien ne presse|Je préfère l’entendre de toi}.',
      question:
        '{Veux-tu y jeter un œil|Puis-je te le lire|Je te le donne [weekday]|As-tu un moment tranquille pour cela} ?',
    },
    {
      subject:
        '{Et ce déménagement|Le nouveau bureau|Des cartons partout|On s’installe|Ta nouvelle place}{| ?}',
      opening:
        '{il paraît que le déménagement est terminé|tout l’étage est plein de cartons|nous prenons peu à peu nos marques dans les nouveaux locaux|on m’a dit que tu avais une fenêtre maintenant}.',
      detail:
        '{La lumière est bien meilleure, même si l’ascenseur est lent|La cuisine est petite, mais le café est meilleur|La moitié des plantes a survécu, les autres se remettent|L’après-midi, un voisin joue du piano, et plutôt bien}, {et personne ne trouve l’agrafeuse|et cela me plaît un peu plus chaque jour|c’est plus que je n’espérais|viens voir par toi-même}.',
      question:
        '{Comment est-ce chez toi|As-tu déjà tout déballé|Quand passes-tu nous voir|L’ancien bureau te manque-t-il} ?',
    },
    {
      subject:
        '{Le week-end|Une promenade [weekday]|Au bord du lac|Si le temps se maintient|Hors de la ville}',
      opening:
        '{la météo du week-end est meilleure que prévu|nous étions au lac [weekday]|j’ai enfin réparé le vieux vélo|les enfants veulent voir la forêt avant l’hiver}.',
      detail:
        '{Un sentier longe l’eau, il faut environ deux heures|La colline derrière le moulin a la plus belle vue|Le café près du ponton reste ouvert jusqu’à la fin du mois|On peut y aller par le petit train et revenir à pied}{, et le chien serait ravi|. Nous apporterions des sandwichs|, avec une pause à mi-chemin|. C’est plat presque partout}.',
      question: '{Veux-tu venir|Es-tu libre ce jour-là|On y passe la journée|Connais-tu le chemin} ?',
    },
  ],
  aside:
    '{Au fait, {ton idée pour les étiquettes a bien marché|l’imprimante remarche|ton parapluie est encore chez moi|Marthe te salue}.|{Ici il pleut depuis [weekday]|Les jours raccourcissent, on le voit|Je cherche toujours un bon thé|Le tram est encore en retard, alors je marche}.|{Merci encore pour ton aide de l’autre jour|Je te dois une réponse à ta dernière question|Ton conseil pour le jardin était juste|J’oublie chaque fois de te rendre ton stylo}.}',
  closing:
    '{Dis-moi quand tu peux|Prends ton temps|Rien ne presse|Un mot suffit|Je suis là jusqu’à [weekday]|Au plaisir de te lire|À bientôt|Passe une bonne journée}{.|, et bon courage pour aujourd’hui.|, comme toujours.}',
  signOff:
    '{Amitiés|Bien à toi|Cordialement|Bonne journée|Merci d’avance|Bien amicalement|À très vite}{,\n[sender]|\n[sender]}',
  answer: {
    opening:
      '{merci pour ton message|content de te lire|c’était rapide, merci|merci d’y avoir pensé|tu fais bien de m’écrire|tu as été plus rapide que moi}{.|, j’allais justement t’écrire.|, et pardon pour l’attente.|, cela m’aide.}',
    detail:
      '{{Oui, cela me va|Cela tombe bien|Je suis partant|Avec plaisir}, {[weekday] est parfait|à partir de dix heures quand tu veux|il faut juste que je rentre avant trois heures|je le note pour [weekday]}.|{Je dois d’abord vérifier une chose|Je demande aux autres|Je ne suis pas encore sûr pour [weekday]}, {mais je te dis cela demain|et je reviens vers toi|même si cela me paraît bien}.|{Je vois les choses de la même façon|Tu as raison là-dessus|Je ne l’avais pas vu ainsi|C’est aussi mon souvenir}, {alors laissons cela ainsi|je ne changerais rien|seule la fin pourrait être plus courte|et le reste attendra}.|{Cette semaine est difficile|Je suis absent jusqu’à [weekday]|C’est un peu chargé en ce moment}, {pourquoi pas la semaine suivante|mais la semaine prochaine est libre|faites sans moi cette fois}.}',
    closing:
      '{Dois-je apporter quelque chose|Est-ce que cela t’aide|Cela te convient|Est-ce suffisant|As-tu besoin d’autre chose} ?{| Sinon, à ce jour-là.| Je suis là toute la journée.| D’ici là, porte-toi bien.}',
  },
  attribution: '[name] a écrit :',
}
