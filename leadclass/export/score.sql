-- Statements in, labels out: a model of leadclass in DuckDB, and nothing else.
--
-- Stands in a folder with weights.parquet, model.json, words.csv and characters.csv. Run it once for
-- each database, in that folder, or say before where it is:
--
--     SET VARIABLE leadclass_model = '/data/model';
--
-- Then the query that is named gives the texts, one statement each, in its first column:
--
--     FROM leadclass_score('SELECT comment FROM reviews');
--
-- What is done, and why, is told in docs/model-format.md of leadclass, section by section.

----------------------------------------------------------------------------------------------------
-- The model
----------------------------------------------------------------------------------------------------

CREATE OR REPLACE MACRO leadclass_path(name) AS
    coalesce(getvariable('leadclass_model'), '.') || '/' || name;

-- A model of a later format is not read as if it were of this one.
CREATE OR REPLACE TEMP TABLE leadclass_page AS
    SELECT
        if(
            (page ->> '$.format_version')::INT = 1,
            page,
            error('model.json is not of format 1, which this script reads')
        ) AS page
    FROM (SELECT content::JSON AS page FROM read_text(leadclass_path('model.json')));

CREATE OR REPLACE TABLE leadclass_settings AS
    SELECT
        (page ->> '$.settings.subword_min')::INT AS subword_min,
        (page ->> '$.settings.subword_max')::INT AS subword_max,
        (page ->> '$.settings.subword_weight')::DOUBLE AS subword_weight,
        (page -> '$.settings.windows')::INT[] AS windows
    FROM leadclass_page;

-- The sides and, after them, their traits, in the order in which they are named.
CREATE OR REPLACE TABLE leadclass_outputs AS
    SELECT
        place,
        output,
        side,
        (page ->> ('$.outputs.' || output || '.intercept'))::DOUBLE AS intercept,
        (page ->> ('$.outputs.' || output || '.threshold'))::DOUBLE AS threshold,
        (page -> ('$.outputs.' || output || '.calibration'))::DOUBLE[] AS calibration
    FROM leadclass_page, (VALUES
        (1, 'leadership', NULL),
        (2, 'management', NULL),
        (3, 'vision', 'leadership'),
        (4, 'empathy', 'leadership'),
        (5, 'innovation', 'leadership'),
        (6, 'influence', 'leadership'),
        (7, 'organisation', 'management'),
        (8, 'decision_making', 'management'),
        (9, 'problem_solving', 'management'),
        (10, 'time_management', 'management')
    ) AS known(place, output, side);

-- What one occurrence of a term adds to the squared length and to each score.
CREATE OR REPLACE TABLE leadclass_terms AS
    SELECT
        kind,
        term,
        if(kind = 'subword', subword_weight, 1) * idf * idf AS squared_length,
        if(kind = 'subword', subword_weight, 1) * idf
            * COLUMNS(weights.* EXCLUDE (kind, term, idf))
    FROM read_parquet(leadclass_path('weights.parquet')) AS weights, leadclass_settings;

-- Words that are read as another: pronouns, names, titles.
CREATE OR REPLACE TABLE leadclass_words AS
    FROM read_csv(
        leadclass_path('words.csv'),
        header = true, delim = ',', quote = '"', escape = '"',
        columns = {'word': 'VARCHAR', 'read_as': 'VARCHAR'}
    );

-- Characters that Unicode holds to be another or several, by number: ligatures, wide letters, ...
CREATE OR REPLACE TABLE leadclass_characters AS
    SELECT chr(code) AS character, read_as
    FROM read_csv(
        leadclass_path('characters.csv'),
        header = true, delim = ',', quote = '"', escape = '"',
        columns = {'code': 'INT', 'read_as': 'VARCHAR'}
    );

----------------------------------------------------------------------------------------------------
-- Tokens
----------------------------------------------------------------------------------------------------

-- A word in which each character stands for itself alone, with no others beyond ASCII than letters
-- in lower case and their marks. The capital sigma has another small one at the end of a word.
CREATE OR REPLACE MACRO leadclass_plain(word) AS
    nfc_normalize(word)
    .regexp_replace(
        '([\p{Lu}\p{Ll}\p{Lt}🅐-🅩🅰-🆉][\p{Mn}\p{Me}\p{Cf}\p{Lm}\p{Sk}''.:·՟״‘’‧]*)Σ'
        || '([\p{Mn}\p{Me}\p{Cf}\p{Lm}\p{Sk}''.:·՟״‘’‧]*'
        || '(?:[^\p{Lu}\p{Ll}\p{Lt}🅐-🅩🅰-🆉\p{Mn}\p{Me}\p{Cf}\p{Lm}\p{Sk}''.:·՟״‘’‧]|$))',
        '\1ς\2', 'g'
    )
    .replace('İ', 'i̇')
    .lower()
    .regexp_replace('[’ʼ]', '''', 'g')
    .regexp_replace('\p{Nd}', '0', 'g')
    .regexp_replace('[^\x00-\x7F\p{L}\p{M}]', ' ', 'g');

-- The tokens of a query's texts: text, place (from 1), token.
CREATE OR REPLACE MACRO leadclass_tokens(statements) AS TABLE (
    WITH
    given AS (SELECT DISTINCT text::VARCHAR AS text FROM query(statements) AS given(text)),
    -- Words as they are written; what one is as tokens does not depend on its neighbours.
    written AS MATERIALIZED (
        SELECT text, unnest(words) AS word, generate_subscripts(words, 1) AS place
        FROM (
            SELECT text, regexp_extract_all(text, '[A-Za-z0-9''\x{80}-\x{10FFFF}]+') AS words
            FROM given
        )
    ),
    words AS MATERIALIZED (SELECT DISTINCT word FROM written),
    plain AS (
        SELECT word, lower(word) AS plain
        FROM words
        WHERE NOT regexp_matches(word, '[^\x00-\x7F]')
        UNION ALL
        SELECT word, leadclass_plain(string_agg(coalesce(read_as, character), '' ORDER BY place))
        FROM (
            SELECT word, unnest(range(1, length(word) + 1)) AS place, word[place] AS character
            FROM words
            WHERE regexp_matches(word, '[^\x00-\x7F]')
        )
        LEFT JOIN leadclass_characters USING (character)
        GROUP BY word
    ),
    -- Runs of letters with apostrophes inside, and runs of digits, which are all the same.
    cut AS (
        SELECT word, unnest(tokens) AS token, generate_subscripts(tokens, 1) AS part
        FROM (
            SELECT
                word,
                regexp_extract_all(
                    plain, '[a-z\x{80}-\x{10FFFF}]+(?:''[a-z\x{80}-\x{10FFFF}]+)*|[0-9]+'
                ) AS tokens
            FROM plain
        )
    ),
    neutral AS (
        SELECT
            cut.word,
            part,
            if(regexp_matches(token, '^[0-9]'), '0', coalesce(read_as, token)) AS token
        FROM cut LEFT JOIN leadclass_words ON leadclass_words.word = cut.token
    )
    SELECT text, row_number() OVER (PARTITION BY text ORDER BY place, part) AS place, token
    FROM written JOIN neutral USING (word)
);

----------------------------------------------------------------------------------------------------
-- Stems: Snowball's English stemmer, also called Porter 2
----------------------------------------------------------------------------------------------------

-- Where the region ends that begins after `start` letters and runs to the first letter that is no
-- vowel and follows one; at the end of the word if there is none.
CREATE OR REPLACE MACRO leadclass_region(word, start) AS
    start + coalesce(
        nullif(length(regexp_extract(word[start + 1:], '^[^aeiouy]*[aeiouy]+[^aeiouy]')), 0),
        length(word) - start
    );

CREATE OR REPLACE MACRO leadclass_region_1(word) AS
    coalesce(
        nullif(
            length(regexp_extract(
                word, '^(?:arsen|commun|emerg|gener|inter|later|organ|past|univers)'
            )),
            0
        ),
        leadclass_region(word, 0)
    );

CREATE OR REPLACE MACRO leadclass_ends_short(word) AS
    regexp_matches(word, '[^aeiouy][aeiouy][^aeiouywxY]$|^[aeiouy][^aeiouy]$|past$');

-- A y that is no vowel becomes Y; it is one after a letter that is none.
CREATE OR REPLACE MACRO leadclass_stem_begin(word) AS
    word
    .regexp_replace('^''', '')
    .regexp_replace('^y', 'Y')
    .regexp_replace('([aeiouy])y', '\1Y', 'g');

CREATE OR REPLACE MACRO leadclass_stem_1a(word) AS
    CASE
        WHEN regexp_matches(word, 'sses$|..(?:ied|ies)$') THEN left(word, -2)
        WHEN regexp_matches(word, '(?:ied|ies)$') THEN left(word, -1)
        WHEN regexp_matches(word, '[us]s$') THEN word
        WHEN regexp_matches(word, '[aeiouy].+s$') THEN left(word, -1)
        ELSE word
    END;

-- The word is cut here, and mended in the next step, if `cut` says so.
CREATE OR REPLACE MACRO leadclass_stem_1b(word, suffix, region_1) AS
    CASE
        WHEN regexp_matches(word, '^(?:succ|proc|exc)eed(?:ly)?$') THEN {'word': word, 'cut': false}
        WHEN starts_with(suffix, 'eed') THEN {
            'word': if(
                length(word) - length(suffix) >= region_1,
                left(word, -length(suffix)) || 'ee',
                word
            ),
            'cut': false
        }
        WHEN regexp_matches(word, '^[^aeiouy]ying$') THEN {
            'word': left(word, 1) || 'ie', 'cut': false
        }
        WHEN regexp_matches(word, '^(?:even|cann|inn|earr|herr|out)ing$') THEN {
            'word': word, 'cut': false
        }
        WHEN regexp_matches(word, '[aeiouy].*(?:ingly|edly|ing|ed)$') THEN {
            'word': left(word, -length(suffix)), 'cut': true
        }
        ELSE {'word': word, 'cut': false}
    END;

CREATE OR REPLACE MACRO leadclass_stem_1b_mended(word, region_1) AS
    CASE
        WHEN regexp_matches(word, '(?:at|bl|iz)$') THEN word || 'e'
        WHEN regexp_matches(word, '^[aeo](?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$') THEN word
        WHEN regexp_matches(word, '(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$') THEN left(word, -1)
        WHEN length(word) = region_1 AND leadclass_ends_short(word) THEN word || 'e'
        ELSE word
    END;

CREATE OR REPLACE MACRO leadclass_stem_1c(word) AS
    regexp_replace(word, '(.[^aeiouy])[yY]$', '\1i');

-- Of several suffixes the longest is meant, here and in the steps after it.
CREATE OR REPLACE MACRO leadclass_suffix_2(word) AS
    regexp_extract(
        word,
        '(?:anci|enci|ogi|bli|abli|alli|fulli|lessli|ousli|entli|li|aliti|biliti|iviti|tional'
        || '|ational|alism|ation|ization|izer|ator|iveness|fulness|ousness|ogist)$'
    );

CREATE OR REPLACE MACRO leadclass_stem_2(word, suffix, region_1) AS
    CASE
        WHEN suffix = '' OR length(word) - length(suffix) < region_1 THEN word
        WHEN suffix = 'li' THEN regexp_replace(word, '([cdeghkmnrt])li$', '\1')
        WHEN suffix = 'ogi' THEN regexp_replace(word, 'logi$', 'log')
        ELSE left(word, -length(suffix)) || CASE
            WHEN suffix = 'tional' THEN 'tion'
            WHEN suffix = 'enci' THEN 'ence'
            WHEN suffix = 'anci' THEN 'ance'
            WHEN suffix = 'abli' THEN 'able'
            WHEN suffix = 'entli' THEN 'ent'
            WHEN suffix IN ('izer', 'ization') THEN 'ize'
            WHEN suffix IN ('ational', 'ation', 'ator') THEN 'ate'
            WHEN suffix IN ('alism', 'aliti', 'alli') THEN 'al'
            WHEN suffix IN ('fulness', 'fulli') THEN 'ful'
            WHEN suffix IN ('ousli', 'ousness') THEN 'ous'
            WHEN suffix IN ('iveness', 'iviti') THEN 'ive'
            WHEN suffix IN ('biliti', 'bli') THEN 'ble'
            WHEN suffix = 'ogist' THEN 'og'
            WHEN suffix = 'lessli' THEN 'less'
        END
    END;

CREATE OR REPLACE MACRO leadclass_suffix_3(word) AS
    regexp_extract(word, '(?:icate|ative|alize|iciti|ical|tional|ational|ful|ness)$');

CREATE OR REPLACE MACRO leadclass_stem_3(word, suffix, region_1, region_2) AS
    CASE
        WHEN suffix = '' OR length(word) - length(suffix) < region_1 THEN word
        WHEN suffix = 'ative' AND length(word) - 5 < region_2 THEN word
        ELSE left(word, -length(suffix)) || CASE
            WHEN suffix = 'tional' THEN 'tion'
            WHEN suffix = 'ational' THEN 'ate'
            WHEN suffix = 'alize' THEN 'al'
            WHEN suffix IN ('icate', 'iciti', 'ical') THEN 'ic'
            ELSE ''
        END
    END;

CREATE OR REPLACE MACRO leadclass_suffix_4(word) AS
    regexp_extract(
        word,
        '(?:ic|ance|ence|able|ible|ate|ive|ize|iti|al|ism|ion|er|ous|ant|ent|ment|ement)$'
    );

CREATE OR REPLACE MACRO leadclass_stem_4(word, suffix, region_2) AS
    CASE
        WHEN suffix = '' OR length(word) - length(suffix) < region_2 THEN word
        WHEN suffix = 'ion' THEN regexp_replace(word, '([st])ion$', '\1')
        ELSE left(word, -length(suffix))
    END;

CREATE OR REPLACE MACRO leadclass_stem_5(word, region_1, region_2) AS
    CASE
        WHEN ends_with(word, 'e') AND length(word) > region_2 THEN left(word, -1)
        WHEN ends_with(word, 'e') AND length(word) > region_1
            AND NOT leadclass_ends_short(left(word, -1)) THEN left(word, -1)
        WHEN ends_with(word, 'll') AND length(word) > region_2 THEN left(word, -1)
        ELSE word
    END;

-- A list of one carries the word from step to step, so that each is worked out once.
CREATE OR REPLACE MACRO leadclass_stem(token) AS
    CASE
        WHEN token IN ('andes', 'atlas', 'bias', 'cosmos', 'howe', 'news', 'sky') THEN token
        WHEN token = 'skis' THEN 'ski'
        WHEN token = 'skies' THEN 'sky'
        WHEN token = 'idly' THEN 'idl'
        WHEN token = 'gently' THEN 'gentl'
        WHEN token = 'ugly' THEN 'ugli'
        WHEN token = 'early' THEN 'earli'
        WHEN token = 'only' THEN 'onli'
        WHEN token = 'singly' THEN 'singl'
        WHEN length(token) < 3 THEN token
        ELSE replace(
            [leadclass_stem_begin(token)]
            .list_transform(lambda w: {'w': w, 'r1': leadclass_region_1(w)})
            .list_transform(lambda s: {
                'w': leadclass_stem_1a(regexp_replace(s.w, '(?:''s''|''s|'')$', '')),
                'r1': s.r1,
                'r2': leadclass_region(s.w, s.r1)
            })
            .list_transform(lambda s: {
                'b': leadclass_stem_1b(
                    s.w, regexp_extract(s.w, '(?:eedly|ingly|edly|eed|ing|ed)$'), s.r1
                ),
                'r1': s.r1,
                'r2': s.r2
            })
            .list_transform(lambda s: {
                'w': if(s.b.cut, leadclass_stem_1b_mended(s.b.word, s.r1), s.b.word),
                'r1': s.r1,
                'r2': s.r2
            })
            .list_transform(lambda s: {'w': leadclass_stem_1c(s.w), 'r1': s.r1, 'r2': s.r2})
            .list_transform(lambda s: {
                'w': leadclass_stem_2(s.w, leadclass_suffix_2(s.w), s.r1), 'r1': s.r1, 'r2': s.r2
            })
            .list_transform(lambda s: {
                'w': leadclass_stem_3(s.w, leadclass_suffix_3(s.w), s.r1, s.r2),
                'r1': s.r1,
                'r2': s.r2
            })
            .list_transform(lambda s: {
                'w': leadclass_stem_4(s.w, leadclass_suffix_4(s.w), s.r2), 'r1': s.r1, 'r2': s.r2
            })
            .list_transform(lambda s: leadclass_stem_5(s.w, s.r1, s.r2))[1],
            'Y', 'y'
        )
    END;

----------------------------------------------------------------------------------------------------
-- Scores
----------------------------------------------------------------------------------------------------

-- All probabilities of a query's texts: text, output, place (of the output), probability, shown.
CREATE OR REPLACE MACRO leadclass_probabilities(statements) AS TABLE (
    WITH
    given AS MATERIALIZED (
        SELECT text, row_number() OVER () AS statement
        FROM (SELECT DISTINCT text::VARCHAR AS text FROM query(statements) AS given(text))
    ),
    tokens AS MATERIALIZED (
        SELECT
            statement,
            place,
            token,
            count(*) OVER (PARTITION BY statement) AS n_tokens
        FROM leadclass_tokens(statements) JOIN given USING (text)
    ),
    stems AS MATERIALIZED (
        SELECT token, leadclass_stem(token) AS stem FROM (SELECT DISTINCT token FROM tokens)
    ),
    -- The terms of a token by itself: its stem, and the pieces of it between its marks.
    own_terms AS (
        SELECT token, 'word' AS kind, stem AS term FROM stems
        UNION ALL
        SELECT token, 'subword', marked
        FROM (SELECT token, '<' || token || '>' AS marked FROM stems), leadclass_settings
        WHERE length(marked) <= subword_max
        UNION ALL
        SELECT token, 'subword', substring(marked, start, size)
        FROM (
            SELECT token, marked, size, unnest(range(1, length(marked) - size + 2)) AS start
            FROM (
                SELECT
                    token,
                    '<' || token || '>' AS marked,
                    unnest(range(subword_min, least(subword_max, length(token) + 1) + 1)) AS size
                FROM stems, leadclass_settings
            )
        )
    ),
    own AS MATERIALIZED (
        SELECT token, sum(COLUMNS(leadclass_terms.* EXCLUDE (kind, term)))
        FROM own_terms JOIN leadclass_terms USING (kind, term)
        GROUP BY token
    ),
    pairs AS (
        SELECT
            statement,
            place,
            n_tokens,
            coalesce(lag(stem) OVER (PARTITION BY statement ORDER BY place), '^')
                || ' ' || stem AS term
        FROM tokens JOIN stems USING (token)
    ),
    -- What a token adds by itself has an even slot, and the pair that it ends the slot before.
    elements AS (
        SELECT
            statement,
            2 * place AS slot,
            n_tokens,
            coalesce(COLUMNS(own.* EXCLUDE (token)), 0)
        FROM tokens LEFT JOIN own USING (token)
        UNION ALL
        SELECT
            statement,
            2 * place - 1,
            n_tokens,
            coalesce(COLUMNS(pair_terms.* EXCLUDE (kind, term)), 0)
        FROM pairs
        LEFT JOIN (FROM leadclass_terms WHERE kind = 'pair') AS pair_terms USING (term)
    ),
    -- The whole statement is a window too, the first.
    spans AS (
        SELECT unnest(range(1, len(windows) + 2)) AS span, unnest([NULL] || windows) AS size
        FROM leadclass_settings
    ),
    -- A window begins with a token by itself; only the first has the pair that its first token ends.
    sums AS (
        SELECT
            statement,
            span,
            slot,
            n_tokens,
            least(coalesce(size, n_tokens), n_tokens) AS tokens,
            sum(COLUMNS(elements.* EXCLUDE (statement, slot, n_tokens))) OVER (
                PARTITION BY statement, span ORDER BY slot
                ROWS BETWEEN CURRENT ROW
                AND 2 * least(coalesce(size, n_tokens), n_tokens) - if(slot = 1, 1, 2) FOLLOWING
            )
        FROM elements, spans
    ),
    best AS (
        SELECT
            statement,
            span,
            max(
                COLUMNS(sums.* EXCLUDE (statement, span, slot, n_tokens, tokens, squared_length))
                / if(squared_length > 0, sqrt(squared_length), 1)
            )
        FROM sums
        WHERE (slot = 1 OR (slot % 2 = 0 AND slot > 2)) AND slot // 2 + tokens <= n_tokens + 1
        GROUP BY statement, span
    ),
    scores AS MATERIALIZED (
        SELECT statement, output, place, side, span, coalesce(score, 0) + intercept AS score
        FROM given CROSS JOIN leadclass_outputs CROSS JOIN spans
        LEFT JOIN (
            UNPIVOT best ON COLUMNS(* EXCLUDE (statement, span)) INTO NAME output VALUE score
        ) AS found USING (statement, output, span)
    ),
    -- A side is also told by the best of its traits.
    trait_scores AS (
        SELECT statement, side AS output, span, max(score) AS best_trait
        FROM scores
        WHERE side IS NOT NULL
        GROUP BY statement, side, span
    ),
    log_odds AS (
        SELECT
            statement,
            output,
            any_value(calibration[1]) + sum(
                calibration[1 + span] * score
                + coalesce(calibration[1 + (SELECT count(*) FROM spans) + span] * best_trait, 0)
            ) AS log_odds
        FROM scores
        JOIN leadclass_outputs USING (output)
        LEFT JOIN trait_scores USING (statement, output, span)
        GROUP BY statement, output
    ),
    -- Of a text without a letter nothing is said; numbers that are no decimal digits are letters too.
    probabilities AS (
        SELECT
            text,
            statement,
            outputs.* EXCLUDE (intercept, calibration),
            if(regexp_matches(text, '[\p{L}\p{Nl}\p{No}]'), 0.5 * (1 + tanh(0.5 * log_odds)), NULL)
                AS probability
        FROM log_odds
        JOIN given USING (statement)
        JOIN leadclass_outputs AS outputs USING (output)
    ),
    -- A side that is shown has a trait at least, of those that were learnt.
    ranked AS (
        SELECT
            *,
            coalesce(probability >= threshold, false) AS passes,
            row_number() OVER (
                PARTITION BY statement, side, threshold < 1
                ORDER BY probability / threshold DESC, place
            ) = 1 AND threshold < 1 AS likeliest
        FROM probabilities
    )
    SELECT
        ranked.text,
        ranked.place,
        ranked.output,
        ranked.side,
        ranked.probability,
        if(ranked.side IS NULL, ranked.passes, sides.passes AND (ranked.passes OR ranked.likeliest))
            AS shown
    FROM ranked
    LEFT JOIN ranked AS sides
        ON sides.statement = ranked.statement AND sides.output = ranked.side
);

-- What leadclass says of a query's texts: text, label, p_leadership, p_management, traits.
CREATE OR REPLACE MACRO leadclass_score(statements) AS TABLE (
    SELECT
        text,
        CASE
            WHEN bool_or(shown AND output = 'leadership') AND bool_or(shown AND output = 'management')
                THEN 'both'
            WHEN bool_or(shown AND output = 'leadership') THEN 'leadership'
            WHEN bool_or(shown AND output = 'management') THEN 'management'
            ELSE 'neither'
        END AS label,
        max(probability) FILTER (output = 'leadership') AS p_leadership,
        max(probability) FILTER (output = 'management') AS p_management,
        coalesce(
            string_agg(output, ';' ORDER BY probability DESC, place)
                FILTER (shown AND side IS NOT NULL),
            ''
        ) AS traits
    FROM leadclass_probabilities(statements)
    GROUP BY text
);
