import type { Grammar } from './grammar.ts'

export const english: Grammar = {
  greeting: '{Hi|Hello|Hey|Good morning|Good afternoon} [name],',
  topics: [
    {
      subject: '{Lunch|Lunch on [weekday]|A bite on [weekday]|[weekday] at noon|Lunch this week}{|?}',
      opening:
        '{I have a free hour around noon on [weekday]|My [weekday] looks quieter than I feared|We have not had lunch together for {weeks|ages|a month or so}|I will be {near your office|in your part of town|just around the corner} on [weekday]}.',
      detail:
        '{The small place by the station has changed its menu|The bakery across the bridge serves soup now|I found a quiet table place two streets from the market|The garden of the old inn is open again}, and {the soup alone is worth the walk|it is never crowded before one|they are quick about it|I have wanted to try it for {a while|weeks}}.',
      question:
        '{Would that suit you|Shall I keep a table|Do you have time|Are you in}, {or is the week too full|or would another day be better|say at half past twelve|or shall we make it next week}?',
    },
    {
      subject:
        '{Notes from [weekday]|The minutes|Our talk on [weekday]|What we agreed on|A summary of [weekday]}',
      opening:
        '{I have gone through my notes from [weekday]|Here is what I took from our talk on [weekday]|I wrote down the points from the meeting|Before I forget half of it, a few words on [weekday]}.',
      detail:
        '{We said that the first draft may be rough as long as it is complete|The order of the chapters stays, only the introduction moves|You look after the pictures, and I do the tables|The short version goes out first and the long one follows}; {the rest can wait until next month|nothing else was decided|everything else is still open|I hope that is how you remember it too}.',
      question:
        '{Did I leave anything out|Is that how you remember it|Would you add something|Have I got the dates right}?',
    },
    {
      subject: '{A book for you|That book|Reading on the train|Something to read|The book I mentioned}',
      opening:
        '{I finished the book about {harbours|gardens|old maps|bridges} last night|You once asked me for something to read on the train|I came across a book that made me think of you|The library had the volume we were talking about}.',
      detail:
        '{It begins slowly, but from the third chapter on I could not put it down|Half of it is about letters, the other half about the people who carried them|The author walks along one river and tells what happened on its banks|It is short, and funnier than its cover}{. I marked a page or two|. The drawings are lovely|, and the ending surprised me|}.',
      question:
        '{Shall I bring it along on [weekday]|Do you want to borrow it|Have you read it already|Would you like to have it next}?',
    },
    {
      subject: '{The schedule|[weekday] or later|Moving our date|A small change|Next week}{| again}',
      opening:
        '{Something has come up on [weekday]|My calendar has shifted a little|The room is taken on [weekday]|I have to leave early on [weekday]}{, sorry about that|, I am afraid|}.',
      detail:
        '{The morning would still work for me|An hour later would be no trouble|We could also talk on the phone and keep it short|I can prepare everything the day before}, {so nothing is lost|and the others do not mind|if that is easier for you|and half an hour should do}.',
      question:
        '{What would suit you best|Could you live with that|Which do you prefer|Is there a time that is better for you}?',
    },
    {
      subject:
        '{The draft|A second pair of eyes|Your opinion, please|Two pages to look at|The text for [weekday]}',
      opening:
        '{The draft is nearly done|I have been turning the same sentence over for days|The text for [weekday] has grown to [number] pages|I cut the second half down to a third}.',
      detail:
        '{What I am unsure about is the beginning, which sounds stiffer than I meant it|The middle drags a little, but I cannot see why|The title still does not fit|There is one paragraph that I like and everybody else wants to strike}. {You have a better ear for that than I do|It would take you ten minutes at most|There is no hurry about it|I would rather hear it from you}.',
      question:
        '{Would you have a look|May I read it to you|Can I hand it to you on [weekday]|Do you have a quiet moment for it}?',
    },
    {
      subject: '{How is the move going|The new office|Boxes everywhere|Settling in|Your new desk}{|?}',
      opening:
        '{I heard that the move is over|The whole floor is full of boxes|We are slowly settling into the new rooms|Somebody told me that you have a window now}.',
      detail:
        '{The light is much better, though the lift is slow|The kitchen is small, but the coffee has improved|Half of the plants made it, the others are recovering|The neighbours play the piano in the afternoon, rather well}, {and nobody can find the stapler|and I like it more each day|which is more than I had hoped for|so come and see for yourself}.',
      question:
        '{How is it at your end|Have you unpacked yet|When will you come by|Do you miss the old place}?',
    },
    {
      subject: '{The weekend|A walk on [weekday]|The lake|If the weather holds|Out of town}',
      opening:
        '{The forecast for the weekend is better than expected|We were at the lake on [weekday]|I have mended the old bicycle at last|The children want to see the woods before winter}.',
      detail:
        '{There is a path along the water that takes about two hours|The hill behind the mill has the best view for miles|The café by the pier stays open until the end of the month|One can take the slow train there and walk back}{, and the dog would love it|. We would bring sandwiches|, with a rest halfway|. It is flat nearly all the way}.',
      question:
        '{Would you like to come along|Are you free then|Shall we make a day of it|Do you know the way there}?',
    },
  ],
  aside:
    '{By the way, {your idea about the labels worked well|the printer is working again|I have the umbrella you left here|Martha sends her regards}.|{It has been raining here since [weekday]|The days are getting shorter, aren’t they|I am still looking for a good tea|The trams are late again, so I walk}.|{Thank you once more for your help the other day|I owe you an answer to your last question, it will come|Your advice about the garden was right|I keep forgetting to return your pen}.}',
  closing:
    '{Let me know when you can|Take your time|No hurry at all|Just drop me a line|I am here until [weekday]|Looking forward to hearing from you|See you soon|Have a good day}{.|, and all the best for today.|, as always.}',
  signOff:
    '{Best|Best wishes|All the best|Kind regards|Many thanks|Cheers|Warm regards}{,\n[sender]|\n[sender]}',
  answer: {
    opening:
      '{Thanks for your message|Good to hear from you|That was quick, thank you|Thank you for thinking of it|Glad you wrote|You were faster than I was}{.|, I was about to write myself.|, and sorry for the wait.|, that helps.}',
    detail:
      '{{Yes, that works for me|That suits me well|Count me in|I would like that}, {[weekday] is fine|any time after ten is good|I only have to be back by three|I will put it down for [weekday]}.|{I need to check one thing first|Let me ask the others|I am not sure about [weekday] yet}, {but I will tell you tomorrow|and then I will get back to you|though it sounds good to me}.|{I see it the same way|You are right about that|I had not thought of it like that|That is how I remember it too}, {so let us leave it as it is|and I would not change a thing|only the last part could be shorter|and the rest can wait}.|{This week is difficult|I am away until [weekday]|It is a bit much at the moment}, {how about the week after|but next week is wide open|so please go on without me this time}.}',
    closing:
      '{Shall I bring anything|Does that help|Is that all right with you|Would that do|Anything else you need from me}?{| Otherwise see you then.| I will be around all day.| Until then, take care.}',
  },
  attribution: '[name] wrote:',
}
